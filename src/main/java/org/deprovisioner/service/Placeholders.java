package org.deprovisioner.service;

import java.util.Properties;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.util.IOHelper;
import org.apache.camel.util.OrderedLocationProperties;
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

    /**
     * A program of Camel's that has them.
     *
     * @param alone whether not even what Camel reads for itself, such as {@code CAMEL_MAIN_…}, has a say in it
     */
    static Main main(Configuration settings, boolean alone) {
        Main main = new WithVaultOfOurs();
        Properties ours = new Properties();
        settings.placeholders().forEach((key, value) -> ours.setProperty(key, literally(value)));
        main.setOverrideProperties(ours);
        Properties others = new Properties();
        others.putAll(settings.others());
        if (alone) {
            others.keySet().removeIf(key -> key.toString().startsWith("camel.main."));
            main.configure().setAutoConfigurationEnvironmentVariablesEnabled(false);
            main.configure().setAutoConfigurationSystemPropertiesEnabled(false);
        }
        main.setInitialProperties(others);
        main.setDefaultPropertyPlaceholderLocation("false");
        Placeholders placeholders = new Placeholders(settings);
        main.addMainListener(placeholders);
        main.configure().addConfiguration(placeholders);
        return main;
    }

    /** Our settings have Camel's names for a vault, and Camel, too, would read them in the environment: a blank one ends it. */
    private static final class WithVaultOfOurs extends Main {

        WithVaultOfOurs() {
            super(Service.class);
        }

        @Override
        protected void doConfigureVaultFromMainConfiguration(
                CamelContext camel, MainConfigurationProperties main, OrderedLocationProperties configured)
                throws Exception {
            boolean environment = main.isAutoConfigurationEnvironmentVariablesEnabled();
            boolean system = main.isAutoConfigurationSystemPropertiesEnabled();
            main.setAutoConfigurationEnvironmentVariablesEnabled(false);
            main.setAutoConfigurationSystemPropertiesEnabled(false);
            super.doConfigureVaultFromMainConfiguration(camel, main, configured);
            main.setAutoConfigurationEnvironmentVariablesEnabled(environment);
            main.setAutoConfigurationSystemPropertiesEnabled(system);
        }
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
