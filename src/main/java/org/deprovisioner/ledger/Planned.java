package org.deprovisioner.ledger;

import java.util.Optional;
import org.deprovisioner.request.Device;

/**
 * What the plan that is applied says of a row.
 *
 * @param device the device that it deprovisions, as it was then; empty when it deprovisions none for this row
 */
public record Planned(Optional<Device> device) {}
