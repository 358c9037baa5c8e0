package org.deprovisioner.cli;

import java.util.Properties;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.util.IOHelper;
import org.deprovisioner.settings.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code {{…}}} stands for in routes: under our own keys the settings as they were read, and nothing else; under all
 * others what Camel makes of them. Left to itself, Camel prefers environment variables and system properties as they are,
 * where a value may be blank, padded, relative, or overruled by another place.
 */
final class Placeholders extends MainListenerSupport implements CamelConfiguration, PropertiesSource, Ordered {

    private final Configuration settings;

    private Placeholders(Configuration settings) {
        this.settings = settings;
    }

    /** Makes them those of a program that is not started yet. */
    static void of(Configuration settings, Main main) {
        Properties ours = new Properties();
        settings.placeholders().forEach((key, value) -> ours.setProperty(key, literally(value)));
        main.setOverrideProperties(ours);
        Properties others = new Properties();
        others.putAll(settings.others());
        main.setInitialProperties(others);
        Placeholders placeholders = new Placeholders(settings);
        main.addMainListener(placeholders);
        main.configure().addConfiguration(placeholders);
    }

    /** Braces in a value are its own. */
    private static String literally(String value) {
        return value.replace("{{", "\\{{").replace("}}", "\\}}");
    }

    /** For what Camel configures by itself. */
    @Override
    public void beforeConfigure(BaseMainSupport main) {
        configure(main.getCamelContext());
        main.getCamelContext().getPropertiesComponent().addPropertiesSource(this);
    }

    /** Once more for the routes: the component, too, can be configured by the environment. */
    @Override
    public void configure(CamelContext camel) {
        PropertiesComponent component = (PropertiesComponent) camel.getPropertiesComponent();
        component.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        component.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
    }

    @Override
    public String getName() {
        return "environment";
    }

    @Override
    public int getOrder() {
        return HIGHEST;
    }

    /** The environment and the system properties, in Camel's own order; they have no say about our keys. */
    @Override
    public @Nullable String getProperty(String name) {
        if (settings.isOurs(name)) {
            return null;
        }
        String variable = IOHelper.lookupEnvironmentVariable(name);
        return variable == null ? System.getProperty(name) : variable;
    }
}
