package org.deprovisioner.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deprovisioner.console.Body.Limit;

/**
 * Which handler answers which path, who may pass, and how much may come with it. A path such as {@code /batches/{name}}
 * has names for single parts of it; a part is matched as a whole, after it was decoded.
 */
final class Router {

    private static final Pattern NAME = Pattern.compile("\\{([a-zA-Z]+)}");

    private final List<Route> routes = new ArrayList<>();

    /** What must be shown to pass. */
    enum Door {
        /** Nothing, and any {@code Host} will do. */
        HEALTH,
        /** Nothing. */
        OPEN,
        /** The cookie of a session; for what is posted also the token of its form. */
        SESSION,
        /** A password or access token in {@code Authorization}; no cookie opens it. */
        BEARER
    }

    /** One of the paths. */
    record Route(
            String method,
            String path,
            Pattern pattern,
            Door door,
            Optional<Right> right,
            Limit limit,
            WebHandler handler) {}

    /** A route and what the path has in the place of its names. */
    record Match(Route route, Map<String, String> named) {}

    /** A page that everybody sees who may read. */
    Router page(String path, WebHandler handler) {
        return add("GET", path, Door.SESSION, Optional.of(Right.READ), Limit.NOTHING, handler);
    }

    /** What a form of a page does. */
    Router action(String path, Right right, WebHandler handler) {
        return add("POST", path, Door.SESSION, Optional.of(right), Limit.FORM, handler);
    }

    /** What a form with a file does. */
    Router upload(String path, Right right, WebHandler handler) {
        return add("POST", path, Door.SESSION, Optional.of(right), Limit.FILE, handler);
    }

    /** An operation of the API; what is posted comes as {@link Body#bytes}. */
    Router api(String method, String path, Right right, WebHandler handler) {
        Limit limit = method.equals("GET") ? Limit.NOTHING : Limit.DATA;
        return add(method, path, Door.BEARER, Optional.of(right), limit, handler);
    }

    /** What needs no sign-in, such as a style sheet. */
    Router open(String method, String path, WebHandler handler) {
        return add(
                method, path, Door.OPEN, Optional.empty(), method.equals("GET") ? Limit.NOTHING : Limit.FORM, handler);
    }

    /** What a machine asks that knows the console by another name. */
    Router health(String path, WebHandler handler) {
        return add("GET", path, Door.HEALTH, Optional.empty(), Limit.NOTHING, handler);
    }

    /** What everybody may do who is signed in. */
    Router signedIn(String path, WebHandler handler) {
        return add("POST", path, Door.SESSION, Optional.empty(), Limit.FORM, handler);
    }

    private Router add(String method, String path, Door door, Optional<Right> right, Limit limit, WebHandler handler) {
        StringBuilder pattern = new StringBuilder();
        Matcher name = NAME.matcher(path);
        int end = 0;
        while (name.find()) {
            pattern.append(Pattern.quote(path.substring(end, name.start())))
                    .append("(?<")
                    .append(name.group(1))
                    .append(">[^/]+)");
            end = name.end();
        }
        pattern.append(Pattern.quote(path.substring(end)));
        routes.add(new Route(method, path, Pattern.compile(pattern.toString()), door, right, limit, handler));
        return this;
    }

    /** All of them. */
    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** The route of a path as it came, which has not been decoded. */
    Optional<Match> find(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        return routes.stream()
                .filter(route -> route.method.equals(asked))
                .flatMap(route -> match(route, path).stream())
                .findFirst();
    }

    /** The methods that a path has; none where there is no such path. */
    Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>();
        routes.stream()
                .filter(route -> route.pattern.matcher(path).matches())
                .forEach(route -> methods.add(route.method));
        return methods;
    }

    private static Optional<Match> match(Route route, String path) {
        Matcher matcher = route.pattern.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> named = new LinkedHashMap<>();
        Matcher name = NAME.matcher(route.path);
        while (name.find()) {
            named.put(name.group(1), PathPart.decoded(matcher.group(name.group(1))));
        }
        return Optional.of(new Match(route, named));
    }
}
