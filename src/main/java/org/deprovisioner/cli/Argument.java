package org.deprovisioner.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * What a user may give to a command: an option, or a parameter.
 *
 * <p>There are no annotations that say so: to read them, Java makes classes at each start, which no archive keeps.
 */
record Argument<T>(ArgSpec spec) {

    T get() {
        return spec.getValue();
    }

    /** An option without a value. */
    static Argument<Boolean> flag(String name, String description) {
        return new Argument<>(OptionSpec.builder(name)
                .type(boolean.class)
                .initialValue(false)
                .description(description)
                .build());
    }

    static <T> Argument<Optional<T>> option(Class<T> type, String name, String label, String description) {
        return empty(OptionSpec.builder(name)
                .type(Optional.class)
                .auxiliaryTypes(type)
                .initialValue(Optional.empty())
                .paramLabel(label)
                .description(description)
                .build());
    }

    static <T> Argument<T> optionWithDefault(T byDefault, String name, String label, String description) {
        return new Argument<>(OptionSpec.builder(name)
                .type(byDefault.getClass())
                .initialValue(byDefault)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** An option that may be given several times, and several values at once, with commas between them. */
    static Argument<List<String>> options(String name, String label, String description) {
        return new Argument<>(OptionSpec.builder(name)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .initialValue(List.of())
                .splitRegex(",")
                .paramLabel(label)
                .description(description)
                .build());
    }

    static <T> Argument<Optional<T>> parameter(Class<T> type, String label, String description) {
        return empty(PositionalParamSpec.builder()
                .type(Optional.class)
                .auxiliaryTypes(type)
                .initialValue(Optional.empty())
                .arity("0..1")
                .paramLabel(label)
                .description(description)
                .build());
    }

    static <T> Argument<T> requiredParameter(Class<T> type, String label, String description) {
        return new Argument<>(PositionalParamSpec.builder()
                .type(type)
                .required(true)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** Picocli does not set initial values of what excludes something else: here, once. */
    private static <T> Argument<Optional<T>> empty(ArgSpec spec) {
        spec.setValue(Optional.empty());
        return new Argument<>(spec);
    }
}
