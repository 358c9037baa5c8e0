package org.deprovisioner.graph;

import java.util.Map;

/** What a person can do about an answer, in words. */
final class Remedies {

    /** The permissions that Graph's page has named for the action over time, any of which may be the one that counts. */
    static final String ACT = "Grant the app registration one of the application permissions that Microsoft has named"
            + " for this action (DeviceManagementManagedDevices.PrivilegedOperations.All,"
            + " DeviceManagementManagedDevices.ReadWrite.All, DeviceManagementConfiguration.ReadWrite.All,"
            + " DeviceManagementServiceConfig.ReadWrite.All), with admin consent; a signed-in person needs Intune's role"
            + " permission 'Remote tasks / Retire'. Check that the tenant has an active Intune licence. Then run"
            + " 'resume', which begins with a new token.";

    /** The permission that reading a device takes. */
    static final String READ = "Grant the app registration the application permission"
            + " DeviceManagementManagedDevices.Read.All, with admin consent. Then run 'resume', which begins with a new"
            + " token.";

    static final String NETWORK =
            "Check deprovision.graph.base-url, the name service, and the proxy or firewall between"
                    + " this machine and Graph.";

    static final String PROXY =
            "Check host, port, user and password of HTTPS_PROXY, whether the proxy lets this machine"
                    + " reach Graph and Entra, and whether NO_PROXY should except them.";

    static final String STRANGE = "Drop the row again later. If other devices have it too, look at what stands between"
            + " this machine and Graph: it may answer one call with another's answer.";

    static final String STRANGERS = "Look at what stands between this machine and Graph, and whether"
            + " deprovision.graph.base-url is Graph's. Nothing was sent for these devices. Then run 'resume'.";

    static final String TOO_LARGE =
            "Fill managedDeviceId where the row has none; or look at the device in Intune, then drop the row again.";

    static final String TLS = "Give the certificate authority of the proxy or private cloud with"
            + " deprovision.tls.ca-file, and check this machine's clock and deprovision.graph.base-url.";

    static final String APPROVAL =
            "The tenant wants a second administrator to approve this action (Intune's Multi Admin"
                    + " Approval). Set deprovision.approval.justification to a text that tells them why, such as 'Returned, ticket"
                    + " {ticket}', with deprovision.mode=single, and restart; or exempt the app registration or the"
                    + " action from the access policy in Intune. Then run 'resume'.";

    static final String JUSTIFICATION =
            "Intune did not take deprovision.approval.justification as it is, or did not say"
                    + " under which code it filed the request: read what it says, change the text, restart, then run 'resume'.";

    static final String POLLING = "To learn whether a request was approved, grant the app registration the application"
            + " permission DeviceManagementRBAC.Read.All, with admin consent. Then run 'resume', which begins with a new"
            + " token. Nothing is lost meanwhile.";

    private static final Map<String, String> BY_CODE = Map.of(
            "ResourceNotFound", "The device is not in this tenant, or not any more: check managedDeviceId and tenant.",
            "Request_ResourceNotFound",
                    "The device is not in this tenant, or not any more: check managedDeviceId and tenant.",
            "NotSupported", "Intune does not deprovision this kind of device: take it out of the list.");

    private static final Map<Integer, String> BY_STATUS = Map.of(
            400, "Graph rejected the request as invalid: check the id, the address columns and deprovisionReason.",
            404, "Graph does not find what the address names: check the ids, the address columns and the tenant.",
            405, "Graph does not offer the action at this address: use managedDeviceId without the script columns.",
            406, "Graph cannot answer in JSON here: check deprovision.graph.base-url.",
            409,
                    "Something else is under way with the device: look at it in Intune, then drop the dead-letter file again.",
            410, "Graph no longer offers this address: use managedDeviceId without the script columns.",
            413, "The reason is too long for Graph: shorten deprovisionReason.",
            415, "Graph does not accept JSON here: check deprovision.graph.base-url.",
            422, "Graph rejected the request as invalid: check the id, the address columns and deprovisionReason.",
            423, "The device is locked: look at it in Intune, then drop the dead-letter file again.");

    private Remedies() {}

    /**
     * The remedy of an error of Graph; the least one is to ask Microsoft, naming the call.
     *
     * @param permissions the remedy where a permission is missing
     */
    static String of(GraphAnswer.Http answer, GraphError error, String permissions) {
        String byStatus = answer.status() == 403 ? permissions : BY_STATUS.getOrDefault(answer.status(), "");
        String known = BY_CODE.getOrDefault(error.code(), byStatus);
        return (known + " " + support(answer, error)).strip();
    }

    /** The remedy where a bulk action was not taken for one device. */
    static String of(GraphAnswer.Listed listed) {
        String known = switch (listed.verdict()) {
            case SUCCESSFUL -> "";
            case NOT_FOUND -> BY_CODE.getOrDefault("ResourceNotFound", "");
            case NOT_SUPPORTED -> BY_CODE.getOrDefault("NotSupported", "");
            case FAILED ->
                "Intune gives no cause in a bulk call: look at the device in Intune, or drop the row again with"
                        + " deprovision.mode=single to learn it.";
        };
        return (known + " " + support(listed.whole(), GraphError.NONE)).strip();
    }

    private static String support(GraphAnswer.Http answer, GraphError error) {
        String request = answer.requestId().orElse("unknown");
        String client = answer.headers().clientRequestId().orElse(error.clientRequestId());
        return "Microsoft's support asks for request-id " + request
                + (client.isEmpty() ? "" : " and client-request-id " + client) + ".";
    }
}
