package org.deprovisioner.console;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, and what that one may do.
 *
 * @param id the object id of a person or an app in Entra ID; empty for who knows the password
 * @param name what is shown of them
 */
record Person(Kind kind, String id, String name, Set<Right> rights) {

    /** What is known of who asks. */
    enum Kind {
        /** A person, by Entra ID. */
        PERSON,
        /** Whoever knows the password: nobody in particular, where four eyes are wanted. */
        PASSWORD,
        /** An app that signs in for itself: nobody, where four eyes are wanted. */
        APP
    }

    /** All that an app may do that no person stands behind. */
    private static final Set<Right> OF_APPS = EnumSet.of(Right.READ, Right.SUBMIT);

    static Person withPassword() {
        return new Person(Kind.PASSWORD, "", "signed in by password", EnumSet.allOf(Right.class));
    }

    static Person person(String objectId, String name, Collection<Role> roles) {
        return new Person(Kind.PERSON, objectId, name, rights(roles));
    }

    static Person app(String appId, Collection<Role> roles) {
        Set<Right> rights = rights(roles);
        rights.retainAll(OF_APPS);
        return new Person(Kind.APP, appId, "app " + appId, rights);
    }

    private static Set<Right> rights(Collection<Role> roles) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        roles.forEach(role -> rights.addAll(role.rights()));
        return rights;
    }

    boolean may(Right right) {
        return rights.contains(right);
    }

    /** How the audit log names them in {@code by}. */
    String by() {
        return switch (kind) {
            case PERSON -> id;
            case PASSWORD -> "console password";
            case APP -> "app " + id;
        };
    }

    /** Whom four eyes can tell from others: the object id of a person. */
    Optional<String> objectId() {
        return kind == Kind.PERSON ? Optional.of(id) : Optional.empty();
    }
}
