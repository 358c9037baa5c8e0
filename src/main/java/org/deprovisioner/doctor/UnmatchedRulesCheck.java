package org.deprovisioner.doctor;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deprovisioner.graph.DiagnosticClient;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.Pages;
import org.deprovisioner.graph.ReadResult;
import org.deprovisioner.graph.Search;
import org.deprovisioner.graph.UnusableListException;
import org.deprovisioner.request.DeviceList;
import org.deprovisioner.request.DeviceRule;
import org.deprovisioner.request.UnusableFileException;
import org.deprovisioner.settings.Settings;
import org.deprovisioner.text.Counted;
import org.deprovisioner.token.TokenException;
import org.deprovisioner.token.Tokens;

/**
 * The rules of the protected list that fit no device of any tenant: a mistyped value protects nothing, and nobody sees it.
 * The tenants' devices are read page after page and compared as the guard does it; of very many, only the first.
 */
public final class UnmatchedRulesCheck implements Check {

    private static final String CHECK = ProtectedListCheck.CHECK;
    private static final int PAGE = 500;
    private static final int PAGES = 40;
    private static final int SHOWN = 20;

    private final Settings settings;
    private final Tokens tokens;
    private final DiagnosticClient client;
    private final Set<DeviceRule> unmatched = new LinkedHashSet<>();
    private int looked;
    private boolean all = true;

    public UnmatchedRulesCheck(Settings settings, Tokens tokens, DiagnosticClient client) {
        this.settings = settings;
        this.tokens = tokens;
        this.client = client;
    }

    @Override
    public List<Remark> look() throws IOException {
        DeviceList list;
        try {
            list = DeviceList.read(settings.guard().protectedDevices());
        } catch (IOException | UnusableFileException saidAlready) {
            return List.of();
        }
        unmatched.addAll(list.rules().all());
        if (unmatched.isEmpty()) {
            return List.of();
        }
        for (String tenant : settings.tenants().keySet()) {
            compare(tenant, list);
        }
        String among = (all ? "the " : "the first ") + Counted.of(looked, "device") + " of the tenants";
        if (unmatched.isEmpty()) {
            return List.of(Remark.ok(CHECK, "", "Each rule matches a device among " + among + "."));
        }
        String which = unmatched.stream()
                .limit(SHOWN)
                .map(rule -> "line %d, %s '%s'".formatted(rule.line(), rule.column(), rule.text()))
                .collect(Collectors.joining("; "));
        return List.of(Remark.warning(
                CHECK,
                "",
                "%,d of %s match none of %s: %s%s."
                        .formatted(
                                unmatched.size(),
                                Counted.of(list.rules().all().size(), "rule"),
                                among,
                                which,
                                unmatched.size() > SHOWN ? "; and more" : ""),
                all
                        ? "Is the value whole and the device still enrolled? A rule that matches no device protects none."
                        : "Not every device was looked at, so these may be right. Is each value whole?"));
    }

    private void compare(String tenant, DeviceList list) {
        try {
            String token = tokens.current(tenant).value();
            Optional<Pages> next = Optional.of(Pages.from("$select=" + ReadResult.WHO + "&$top=" + PAGE));
            while (next.isPresent() && !unmatched.isEmpty()) {
                Optional<ReadResult.Listed> listed = page(next.get().query(), token);
                if (listed.isEmpty()) {
                    all = false;
                    return;
                }
                listed.get()
                        .devices()
                        .forEach(device -> list.rules().fitting(device).forEach(unmatched::remove));
                looked += listed.get().devices().size();
                next = next.get().after(listed.get(), settings.graph().baseUrl().toString(), PAGES);
            }
        } catch (TokenException | UnusableListException unreadable) {
            all = false;
        }
    }

    private Optional<ReadResult.Listed> page(String query, String token) {
        GraphAnswer answer = client.get(
                URI.create(settings.graph().baseUrl() + "/" + Search.PATH + "?" + query), Optional.of(token));
        return ReadResult.listed(answer);
    }
}
