package org.deprovisioner.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.deprovisioner.settings.Settings;

/** The part of the service that takes messages: the real route and broker, before a stand-in for the intake. */
final class Messaging implements AutoCloseable {

    final Intake intake = new Intake();
    final CamelContext camel = new DefaultCamelContext();
    final BrokerConfiguration broker;

    Messaging(Path data, Settings.Broker settings) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("deprovision.broker.url", settings.url());
        camel.getPropertiesComponent().setOverrideProperties(properties);
        broker = start(data, settings);
        broker.configure(camel);
        camel.getRegistry().bind("messageIntake", intake);
        for (String file : List.of("handle-errors", "take-in-messages")) {
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(PluginHelper.getResourceLoader(camel)
                            .resolveResource("file:routes/" + file + ".camel.yaml"));
        }
        camel.start();
    }

    static BrokerConfiguration start(Path data, Settings.Broker settings) throws IOException {
        try {
            return BrokerConfiguration.start(data, settings, SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Settings.Broker embedded() {
        return settings("embedded");
    }

    static Settings.Broker settings(String url) {
        return new Settings.Broker(url, Optional.empty(), Optional.empty(), "127.0.0.1:0");
    }

    @Override
    public void close() {
        camel.stop();
        broker.close();
    }
}
