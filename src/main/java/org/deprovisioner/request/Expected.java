package org.deprovisioner.request;

import java.util.Optional;

/**
 * What a row says of its device beside the id: each value that is present must agree with what Graph says of the device,
 * compared in Unicode normal form NFC, without case and surrounding space. Without an id the device is found by them.
 */
public record Expected(
        Optional<String> serialNumber,
        Optional<String> deviceName,
        Optional<String> userPrincipalName,
        Optional<String> azureADDeviceId) {}
