package org.deprovisioner.console;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.reflect.ReflectionObjectHandler;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The templates of the pages, {@code src/main/resources/console/*.mustache}. They have no logic, and escape every value that
 * they are given by themselves; none of them writes one as it is, which a test makes sure of.
 */
final class Templates {

    private static final DefaultMustacheFactory FACTORY = new DefaultMustacheFactory("console");

    static {
        FACTORY.setObjectHandler(new ReflectionObjectHandler() {
            @Override
            public @Nullable Object coerce(@Nullable Object value) {
                return value instanceof Optional<?> optional ? optional.orElse(null) : value;
            }
        });
    }

    private Templates() {}

    /** A template, filled with what these records have; the last of them that knows a name gives its value. */
    static String filled(String template, Object... views) {
        StringWriter page = new StringWriter();
        FACTORY.compile(template + ".mustache").execute(page, List.of(views));
        return page.toString();
    }
}
