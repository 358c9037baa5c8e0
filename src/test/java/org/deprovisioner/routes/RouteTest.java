package org.deprovisioner.routes;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.DelayDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.objenesis.ObjenesisStd;

/**
 * A test of one file of {@code routes/}, loaded alone with the error handling of all: {@code SendRepliesRouteTest} is of
 * {@code send-replies.camel.yaml}.
 *
 * <p>{@link #run} hands the route a piece of work, in place of what it takes it {@link #from}. Its beans are small fakes,
 * which {@link #bind} puts where it looks for them; where {@link #isFakedStepByStep}, {@link #at} says what a step does. Each
 * of its {@code to} steps sends to {@link #mock}, or to {@link #graph}. A step that waits does not wait.
 */
abstract class RouteTest extends CamelTestSupport {

    private static final String WORK = "direct:work-of-the-test";
    private static final String UNFORESEEN = "keep-unforeseen";

    /** The settings that routes ask for, as they are in a file that sets none. */
    private static final Map<String, String> SETTINGS = Map.of(
            "deprovision.broker.url", "embedded",
            "deprovision.concurrency", "16",
            "deprovision.dry-run", "false",
            "deprovision.guard.max-fleet-percent", "off",
            "deprovision.mode", "single",
            "deprovision.resolve", "true",
            "deprovision.retention", "off");

    private final String name = getClass()
            .getSimpleName()
            .replace("RouteTest", "")
            .replaceAll("(?<=.)(?=[A-Z])", "-")
            .toLowerCase(Locale.ROOT);

    private final List<String> steps = new ArrayList<>();
    private final Map<String, Change> changes = new HashMap<>();
    private String from = "";

    /** What a step makes of the body. */
    @FunctionalInterface
    interface Change {
        Object of(Object body) throws Exception;
    }

    /** The settings that this route needs otherwise than usual. */
    Map<String, String> settings() {
        return Map.of();
    }

    /** Binds the fakes under the names by which the route calls them. */
    abstract void bind(Registry beans) throws Exception;

    /** Whether {@link #at} says what each step with a bean does, in place of the bean. */
    boolean isFakedStepByStep() {
        return false;
    }

    /** What the step of this id does; one of which nothing is said leaves the body as it is. */
    final void at(String step, Change change) {
        changes.put(step, change);
    }

    /** Hands the route a piece of work; the exchange says what became of it. */
    final Exchange run(Object work) {
        return runAs(exchange -> exchange.getMessage().setBody(work));
    }

    /** The same with an exchange that is made ready for it. */
    final Exchange runAs(Processor ready) {
        return template.send(WORK, ready);
    }

    /** The ids of the steps that were reached, those of the error handling too, in their order. */
    final List<String> steps() {
        return steps;
    }

    /** What the route takes its work from, with its options. */
    final String from() {
        return from;
    }

    /** What the step of this id sends to. */
    final MockEndpoint mock(String step) {
        return getMockEndpoint("mock:" + step);
    }

    /** What the route asks Graph by. */
    final MockEndpoint graph() {
        return getMockEndpoint("mock:direct-graph");
    }

    /** Whether the route is there at all when one setting is so. */
    final boolean isThereWhere(String setting, String value) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getPropertiesComponent().setInitialProperties(properties(Map.of(setting, value)));
            PluginHelper.getRoutesLoader(camel).loadRoutes(file(camel, name));
            String condition = camel.resolvePropertyPlaceholders(
                    Objects.requireNonNull(camel.getRouteDefinition(name)).getPrecondition());
            return camel.resolveLanguage("simple").createPredicate(condition).matches(new DefaultExchange(camel));
        }
    }

    /** A fault of each type that a clause of the error handling is for. */
    final List<Exception> faultsOf(String clause) {
        return context.getRouteConfigurationDefinitions().stream()
                .flatMap(one -> one.getOnExceptions().stream())
                .filter(one -> clause.equals(one.getId()))
                .flatMap(one -> one.getExceptions().stream())
                .<Exception>map(type ->
                        fault(context.getClassResolver().resolveClass(type).asSubclass(Exception.class)))
                .toList();
    }

    /** The ledger cannot be written now. */
    final Exception ledgerDown() {
        return faultsOf("ledger-down").get(0);
    }

    /** A fault of this type, whoever else may make one. */
    static <T extends Throwable> T fault(Class<T> type) {
        return new ObjenesisStd().newInstance(type);
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withUseAdviceWith(true);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.getPropertiesComponent().setInitialProperties(properties(settings()));
        camel.getCamelContextExtension().addInterceptStrategy(new StepByStep());
        return camel;
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        registry.bind("objectMapper", new JsonMapper());
        bind(registry);
        for (String bean : List.of("calls", "settlements", "fileFaults", "incomingMessages")) {
            if (registry.lookupByName(bean) == null) {
                registry.bind(bean, new Fake());
            }
        }
    }

    @Override
    protected RoutesBuilder[] createRouteBuilders() throws Exception {
        Resource[] files = Stream.of("handle-errors", name)
                .distinct()
                .map(file -> file(context, file))
                .toArray(Resource[]::new);
        return PluginHelper.getRoutesLoader(context).findRoutesBuilders(files).toArray(RoutesBuilder[]::new);
    }

    @BeforeEach
    void start() throws Exception {
        RouteDefinition route = context.getRouteDefinition(name);
        if (route != null) {
            from = route.getInput().getEndpointUri();
            List<ToDefinition> leaving = all(route, ToDefinition.class);
            List<String> faked = isFakedStepByStep()
                    ? Stream.concat(
                                    all(route, BeanDefinition.class).stream(),
                                    all(route, ProcessDefinition.class).stream())
                            .map(step -> Objects.requireNonNull(step.getId()))
                            .toList()
                    : List.of();
            if (isFakedStepByStep()) {
                all(route, TryDefinition.class)
                        .forEach(tried -> tried.getCatchClauses().forEach(this::fakeEachStep));
            }
            AdviceWith.adviceWith(context, name, advice -> {
                advice.replaceFromWith(WORK);
                for (ToDefinition step : leaving) {
                    String id = Objects.requireNonNull(step.getId());
                    boolean asks = step.getEndpointUri().matches("direct:.*-graph");
                    advice.weaveById(id)
                            .replace()
                            .to("mock:" + (asks ? "direct-graph" : id))
                            .id(id);
                }
                for (String step : faked) {
                    advice.weaveById(step)
                            .replace()
                            .process(exchange -> change(step, exchange.getMessage()))
                            .id(step);
                }
            });
        }
        if (!name.equals(UNFORESEEN)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("direct:" + UNFORESEEN).to("mock:" + UNFORESEEN).id(UNFORESEEN);
                }
            });
        }
        context.start();
    }

    private static <T> List<T> all(RouteDefinition route, Class<T> type) {
        return List.copyOf(ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), type));
    }

    /** What is woven into a route does not come to what it catches. */
    private void fakeEachStep(CatchDefinition caught) {
        caught.getOutputs().replaceAll(step -> {
            String id = Objects.requireNonNull(step.getId());
            return new ProcessDefinition(exchange -> change(id, exchange.getMessage())).id(id);
        });
    }

    private void change(String step, Message message) throws Exception {
        message.setBody(changes.getOrDefault(step, body -> body).of(message.getBody()));
    }

    private static Resource file(CamelContext camel, String name) {
        return PluginHelper.getResourceLoader(camel).resolveResource("file:routes/" + name + ".camel.yaml");
    }

    private static Properties properties(Map<String, String> changed) {
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(changed);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** A bean that only keeps what it is given, or fails; the error handling of any route may call it, too. */
    public static class Fake {

        private final List<Object> taken = new ArrayList<>();
        private Optional<Exception> fault = Optional.empty();

        /** All that it was given, in its order. */
        final List<Object> taken() {
            return taken;
        }

        final void failWith(Exception next) {
            fault = Optional.of(next);
        }

        final void take(Object given) throws Exception {
            taken.add(given);
            if (fault.isPresent()) {
                throw fault.get();
            }
        }

        /** Of {@code calls}. */
        public void giveBack(Object work, Exception why) {}

        /** Of {@code settlements}. */
        public void tokenRefused(Object work, Exception why) {}

        /** Of {@code fileFaults}. */
        public void report(Object file, Exception why) {}

        /** Of {@code incomingMessages}. */
        public Map<String, String> refuse(Exchange exchange, Exception why) {
            return Map.of("outcome", "invalid");
        }

        /** Of {@code incomingMessages}. */
        public Map<String, String> giveBackOrRefuse(Exchange exchange, Exception why) {
            return Map.of("outcome", "retries-exhausted");
        }

        /** Of {@code incomingMessages}. */
        public void answer(String json) {
            taken.add(json);
        }
    }

    /** Writes down each step that has an id, and lets none wait. */
    private final class StepByStep implements InterceptStrategy {

        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext camel, NamedNode step, Processor target, Processor next) {
            boolean named = step instanceof OptionalIdentifiedDefinition<?> one && one.hasCustomIdAssigned();
            if (!named) {
                return target;
            }
            return new DelegateAsyncProcessor(target) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    steps.add(Objects.requireNonNull(step.getId()));
                    if (!(step instanceof DelayDefinition)) {
                        return super.process(exchange, callback);
                    }
                    callback.done(true);
                    return true;
                }
            };
        }
    }
}
