package org.deprovisioner.cli;

import java.nio.file.Path;
import java.util.List;
import org.deprovisioner.simulator.ManagedDevice;

/** A running service with its broker, whose simulator knows the device that the pages name. */
public final class ServiceWithOneDevice implements AutoCloseable {

    private final Stage stage;

    private ServiceWithOneDevice(Stage stage) {
        this.stage = stage;
    }

    /** Starts both below a folder. */
    public static ServiceWithOneDevice in(Path folder, String id, String serialNumber) throws Exception {
        Stage stage = Stage.in(folder).set("deprovision.broker.url", "embedded");
        stage.simulator.population().add(device(stage.next(), id, serialNumber));
        return new ServiceWithOneDevice(stage.start());
    }

    private static ManagedDevice device(ManagedDevice like, String id, String serialNumber) {
        return new ManagedDevice(
                id,
                like.deviceName(),
                serialNumber,
                like.operatingSystem(),
                like.osVersion(),
                like.model(),
                like.userPrincipalName(),
                like.azureADDeviceId(),
                like.managedDeviceOwnerType(),
                like.managementState(),
                like.enrolledDateTime(),
                like.lastSyncDateTime(),
                List.of());
    }

    /** What a client signs in with. */
    public Path clientProperties() {
        return stage.data.resolve("broker/client.properties");
    }

    @Override
    public void close() {
        stage.close();
    }
}
