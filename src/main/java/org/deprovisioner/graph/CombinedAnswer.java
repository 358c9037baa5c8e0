package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What an answer to many calls or devices in one means for each of them. */
final class CombinedAnswer {

    private CombinedAnswer() {}

    /** What a success holds; nothing for any other answer. */
    static JsonNode json(GraphAnswer whole) {
        return GraphJson.parse(whole instanceof GraphAnswer.Http http && http.status() / 100 == 2 ? http.body() : "");
    }

    static Map<String, GraphAnswer> each(Collection<String> ids, Function<String, GraphAnswer> answer) {
        Map<String, GraphAnswer> answers = new LinkedHashMap<>();
        ids.forEach(id -> answers.put(id, answer.apply(id)));
        return answers;
    }

    /** An answer that tells none from the other: a success that says nothing of them leaves each in doubt. */
    static Map<String, GraphAnswer> spread(GraphAnswer whole, Collection<String> ids) {
        GraphAnswer one = whole;
        if (whole instanceof GraphAnswer.Http http && http.status() / 100 == 2) {
            one = http.requestId().isPresent()
                    ? new GraphAnswer.Lost(
                            "Graph answered " + http.status() + " to the whole, and nothing of what is in it")
                    : new GraphAnswer.Http(200, http.headers(), http.body(), http.extent(), http.at());
        }
        GraphAnswer alike = one;
        return each(ids, id -> alike);
    }
}
