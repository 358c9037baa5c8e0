package org.deprovisioner.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules that fit devices; those that say the same count once. Whole values are looked up, patterns tried one by one. */
public final class DeviceRules {

    private record Key(String column, String folded) {}

    private final Map<Key, DeviceRule> byValue = new LinkedHashMap<>();
    private final Map<Key, Pattern> patterns = new LinkedHashMap<>();

    /** These rules; of several that say the same, the first. */
    public DeviceRules(Collection<DeviceRule> rules) {
        for (DeviceRule rule : rules) {
            if (byValue.putIfAbsent(key(rule), rule) == null && rule.isPattern()) {
                patterns.put(key(rule), rule.pattern());
            }
        }
    }

    /** The rules whose columns and texts these are, one after the other, as {@link #texts} gives them. */
    public static DeviceRules ofTexts(List<String> texts) {
        List<DeviceRule> rules = new ArrayList<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            rules.add(DeviceRule.ofText(texts.get(i), texts.get(i + 1)));
        }
        return new DeviceRules(rules);
    }

    /** Column and text of each rule, one after the other. */
    public List<String> texts() {
        return byValue.values().stream()
                .flatMap(rule -> Stream.of(rule.column(), rule.text()))
                .toList();
    }

    /** Every rule, in the order of the file. */
    public List<DeviceRule> all() {
        return List.copyOf(byValue.values());
    }

    /** The rules that fit a device. */
    public List<DeviceRule> fitting(Device device) {
        List<DeviceRule> fitting = new ArrayList<>();
        DeviceRule.subjects(device).forEach((column, value) -> {
            Key whole = new Key(column, value);
            Optional.ofNullable(byValue.get(whole))
                    .filter(rule -> !rule.isPattern())
                    .ifPresent(fitting::add);
            patterns.forEach((key, pattern) -> {
                if (key.column.equals(column) && pattern.matcher(value).matches()) {
                    fitting.addAll(
                            Optional.ofNullable(byValue.get(key)).stream().toList());
                }
            });
        });
        return fitting;
    }

    /** These rules, and those of others that are not among them. */
    public DeviceRules and(DeviceRules others) {
        List<DeviceRule> both = new ArrayList<>(byValue.values());
        both.addAll(others.byValue.values());
        return new DeviceRules(both);
    }

    /** The rules that are not among others. */
    public List<DeviceRule> without(DeviceRules others) {
        return byValue.entrySet().stream()
                .filter(rule -> !others.byValue.containsKey(rule.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Key key(DeviceRule rule) {
        return new Key(rule.column(), rule.folded());
    }
}
