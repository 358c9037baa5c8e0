package org.deprovisioner.doctor;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphAnswer;

/** The way to a host that we call: name, proxy, TLS, and what its clock says. It is sent neither token nor secret. */
public final class HostCheck implements Check {

    private static final Duration TOO_WRONG = Duration.ofMinutes(5);
    private static final Duration WRONG = Duration.ofSeconds(30);

    private static final String TRUST = "Give the certificate authority of the proxy or private cloud with"
            + " deprovision.tls.ca-file, as a PEM file.";

    private final DiagnosticClient client;
    private final URI host;

    public HostCheck(DiagnosticClient client, URI host) {
        this.client = client;
        this.host = host;
    }

    @Override
    public List<Remark> look() {
        List<Remark> remarks = new ArrayList<>();
        Optional<String> proxy = client.proxyFor(host);
        Remark name = named(proxy.orElse(host.getHost()));
        remarks.add(name);
        if (name.level() == Remark.Level.OK) {
            GraphAnswer answer = client.get(host, Optional.empty());
            if (answer instanceof GraphAnswer.Http http) {
                proxy.ifPresent(between ->
                        remarks.add(Remark.ok("proxy", host.getHost(), "The proxy " + between + " opens the way.")));
                remarks.add(Remark.ok("tls", host.getHost(), "Trusted. " + chain()));
                clock(http).ifPresent(remarks::add);
            } else {
                remarks.add(unanswered(answer));
            }
        }
        return remarks;
    }

    private static Remark named(String name) {
        try {
            String addresses = Arrays.stream(InetAddress.getAllByName(name))
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", "));
            return Remark.ok("dns", name, addresses + ".");
        } catch (UnknownHostException unknown) {
            return Remark.unreachable(
                    "dns",
                    name,
                    "The name is not known.",
                    "Check the name service, deprovision.cloud and HTTPS_PROXY.");
        }
    }

    private Remark unanswered(GraphAnswer answer) {
        if (answer instanceof GraphAnswer.Unreachable unreachable) {
            return switch (unreachable.fault()) {
                case TLS ->
                    Remark.unreachable(
                            "tls", host.getHost(), "Not trusted: " + unreachable.reason() + ". " + chain(), remedy());
                case PROXY ->
                    Remark.unreachable(
                            "proxy",
                            host.getHost(),
                            unreachable.reason() + ".",
                            "Check host, port, user and password of HTTPS_PROXY, and NO_PROXY.");
                case UNKNOWN_HOST ->
                    Remark.unreachable("dns", host.getHost(), unreachable.reason() + ".", "Check the name service.");
            };
        }
        String reason =
                answer instanceof GraphAnswer.NotSent notSent ? notSent.reason() : ((GraphAnswer.Lost) answer).reason();
        return Remark.unreachable(
                "connection",
                host.getHost(),
                "No answer: " + reason + ".",
                "Check the firewall, HTTPS_PROXY and NO_PROXY.");
    }

    /** The server's own certificate, and who would have to be trusted. */
    private String chain() {
        List<X509Certificate> shown = client.shown();
        if (shown.isEmpty()) {
            return "";
        }
        X509Certificate own = shown.get(0);
        X509Certificate last = shown.get(shown.size() - 1);
        boolean selfSigned = own.getIssuerX500Principal().equals(own.getSubjectX500Principal());
        return "The server shows '%s', good until %s, issued by %s."
                .formatted(
                        own.getSubjectX500Principal(),
                        own.getNotAfter().toInstant().toString().substring(0, 10),
                        selfSigned
                                ? "itself alone (self-signed)"
                                : "'%s'; the chain ends with the issuer '%s'"
                                        .formatted(own.getIssuerX500Principal(), last.getIssuerX500Principal()));
    }

    private String remedy() {
        Instant now = Instant.now();
        boolean outOfTime = client.shown().stream()
                .anyMatch(one -> now.isAfter(one.getNotAfter().toInstant())
                        || now.isBefore(one.getNotBefore().toInstant()));
        return outOfTime
                ? "A certificate is not valid now: check this machine's clock; if it is right, whoever runs the server has to renew it."
                : TRUST
                        + " Does the name in the certificate match the host, and is it really that server that answers?";
    }

    private Optional<Remark> clock(GraphAnswer.Http answer) {
        return answer.headers().get("Date").flatMap(HostCheck::instant).map(theirs -> {
            Duration off = Duration.between(theirs, answer.at()).abs();
            String words = "This machine's clock and the server's differ by " + off.toSeconds() + " s.";
            if (off.compareTo(TOO_WRONG) > 0) {
                return Remark.wrong(
                        "clock",
                        host.getHost(),
                        words,
                        "Set this machine's clock: Entra refuses more than five minutes.");
            }
            return off.compareTo(WRONG) > 0
                    ? Remark.warning("clock", host.getHost(), words, "Let the machine set its clock by itself (NTP).")
                    : Remark.ok("clock", host.getHost(), words);
        });
    }

    private static Optional<Instant> instant(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException strange) {
            return Optional.empty();
        }
    }
}
