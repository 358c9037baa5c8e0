package org.deprovisioner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may depend on whom, and what no class may be named. */
@AnalyzeClasses(packages = "org.deprovisioner", importOptions = ArchitectureTest.OurOwnClasses.class)
class ArchitectureTest {

    private static final String ROOT = "org.deprovisioner.";

    /** Without tests, wherever a build puts their classes. */
    static final class OurOwnClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/");
        }
    }

    private static final Set<String> MIDDLE = Set.of("graph", "token", "pace", "guard", "outcome", "audit");

    /** What each package may use of ours beside itself; {@code settings} otherwise only in {@code …Configuration}. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("request", Set.of()),
            Map.entry("rights", Set.of()),
            Map.entry("text", Set.of()),
            Map.entry("settings", Set.of("rights", "store", "text")),
            Map.entry("store", Set.of("rights")),
            Map.entry("ledger", Set.of("request", "store")),
            Map.entry("graph", Set.of("settings", "ledger", "request")),
            Map.entry("vault", Set.of("settings", "graph")),
            Map.entry("token", Set.of("settings", "ledger", "request", "rights")),
            Map.entry("pace", Set.of("ledger", "request")),
            Map.entry("guard", Set.of("settings", "ledger", "request")),
            Map.entry("notification", Set.of("dispatch", "graph", "ledger", "report", "settings", "text", "token")),
            Map.entry("outcome", Set.of("ledger", "request", "rights", "text")),
            Map.entry("audit", Set.of("ledger", "request", "rights", "store", "text")),
            Map.entry("dispatch", with(MIDDLE, "settings", "ledger", "request")),
            Map.entry("intake", with(MIDDLE, "store", "broker", "ledger", "request", "rights", "text")),
            Map.entry("broker", with(MIDDLE, "settings", "ledger", "request", "rights")),
            Map.entry("doctor", with(MIDDLE, "store", "settings", "broker", "ledger", "request", "rights", "vault")),
            Map.entry("listing", with(MIDDLE, "settings", "ledger", "request")),
            Map.entry("report", Set.of("audit", "guard", "ledger", "outcome", "pace", "request", "settings", "text")),
            Map.entry(
                    "service",
                    with(
                            MIDDLE,
                            "settings",
                            "store",
                            "ledger",
                            "request",
                            "rights",
                            "dispatch",
                            "intake",
                            "broker",
                            "notification",
                            "vault",
                            "report",
                            "text")),
            Map.entry(
                    "console",
                    with(
                            MIDDLE,
                            "ledger",
                            "store",
                            "request",
                            "rights",
                            "text",
                            "settings",
                            "report",
                            "service",
                            "doctor",
                            "intake")),
            Map.entry("simulator", Set.of()),
            Map.entry(
                    "cli",
                    with(
                            MIDDLE,
                            "ledger",
                            "store",
                            "request",
                            "rights",
                            "text",
                            "settings",
                            "report",
                            "service",
                            "console",
                            "doctor",
                            "intake",
                            "listing",
                            "vault",
                            "simulator")));

    /** The only classes outside dispatch, intake, broker, graph and service that may know Camel; add one with its reason. */
    private static final List<String> CAMEL_EDGES = List.of(
            "org.deprovisioner.outcome.OutcomeConfiguration",
            "org.deprovisioner.audit.AuditConfiguration",
            "org.deprovisioner.notification.NotificationConfiguration",
            "org.deprovisioner.vault.HashicorpFunction", // one of Camel's property functions
            "org.deprovisioner.vault.VaultConfiguration");

    private static Set<String> with(Set<String> some, String... more) {
        Set<String> all = new java.util.HashSet<>(some);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    @ArchTest
    static final ArchRule packagesDependOneWay = classes()
            .that()
            .resideInAPackage("org.deprovisioner.*..")
            .should(new ArchCondition<JavaClass>("use only the packages below their own") {
                @Override
                public void check(JavaClass user, ConditionEvents events) {
                    String own = feature(user);
                    Set<String> allowed = MAY_USE.getOrDefault(own, Set.of());
                    user.getDirectDependenciesFromSelf().stream()
                            .filter(dependency ->
                                    dependency.getTargetClass().getPackageName().startsWith(ROOT))
                            .filter(dependency -> {
                                String used = feature(dependency.getTargetClass());
                                return !used.equals(own)
                                        && !allowed.contains(used)
                                        && !used.equals("text") // it leans on nothing, and words are everybody's
                                        && !(used.equals("settings") && wires(user));
                            })
                            .forEach(dependency ->
                                    events.add(SimpleConditionEvent.violated(user, dependency.getDescription())));
                }
            });

    @ArchTest
    static final ArchRule everyPackageHasItsPlaceInTheOrder = classes()
            .that()
            .resideInAPackage("org.deprovisioner.*..")
            .should(new ArchCondition<JavaClass>("be in a package whose place is known here") {
                @Override
                public void check(JavaClass one, ConditionEvents events) {
                    events.add(new SimpleConditionEvent(
                            one, MAY_USE.containsKey(feature(one)), one.getName() + " is in an unknown package"));
                }
            });

    @ArchTest
    static final ArchRule namesSayWhatAClassDoes = classes()
            .should(new ArchCondition<JavaClass>("not be named Util, Helper, Manager or Impl") {
                @Override
                public void check(JavaClass one, ConditionEvents events) {
                    boolean vague = one.getSimpleName().matches(".*(Util|Helper).*|.*(?<!Trust)Manager|.*Impl");
                    events.add(new SimpleConditionEvent(one, !vague, one.getName() + " has a name that says nothing"));
                }
            });

    @ArchTest
    static final ArchRule exceptionsAreNamedAsSuch =
            classes().that().areAssignableTo(Throwable.class).should().haveSimpleNameEndingWith("Exception");

    @ArchTest
    static final ArchRule camelIsKnownOnlyAtTheEdges = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "org.deprovisioner.dispatch..",
                    "org.deprovisioner.intake..",
                    "org.deprovisioner.broker..",
                    "org.deprovisioner.graph..",
                    "org.deprovisioner.service..")
            .and(new DescribedPredicate<JavaClass>("are no edge classes") {
                @Override
                public boolean test(JavaClass one) {
                    return !CAMEL_EDGES.contains(one.getName());
                }
            })
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule onlyTheCommandLineAndTheSimulatorSpeakToTheTerminal = classes()
            .that()
            .resideOutsideOfPackages("org.deprovisioner.cli..", "org.deprovisioner.simulator..")
            .should(new ArchCondition<JavaClass>("not use System.out or System.err") {
                @Override
                public void check(JavaClass one, ConditionEvents events) {
                    one.getFieldAccessesFromSelf().stream()
                            .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
                            .map(JavaAccess::getDescription)
                            .forEach(text -> events.add(SimpleConditionEvent.violated(one, text)));
                }
            });

    private static String feature(JavaClass one) {
        String name = one.getPackageName();
        return name.substring(ROOT.length()).split("\\.", 2)[0];
    }

    /** Whether a class, or the one that it is nested in, wires its package from the settings. */
    private static boolean wires(JavaClass one) {
        return one.getName().matches(".*Configuration(\\$.*)?");
    }
}
