package org.deprovisioner.graph;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What an answer to many calls or devices in one means for each of them. */
final class Whole {

    private Whole() {}

    /** What a success holds; nothing for any other answer. */
    static JsonNode json(Answer whole) {
        return Json.parse(whole instanceof Answer.Http http && http.status() / 100 == 2 ? http.body() : "");
    }

    static Map<String, Answer> each(Collection<String> ids, Function<String, Answer> answer) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        ids.forEach(id -> answers.put(id, answer.apply(id)));
        return answers;
    }

    /** An answer that tells none from the other: a success that says nothing of them leaves each in doubt. */
    static Map<String, Answer> spread(Answer whole, Collection<String> ids) {
        Answer one = whole;
        if (whole instanceof Answer.Http http && http.status() / 100 == 2) {
            one = http.requestId().isPresent()
                    ? new Answer.Lost("Graph answered " + http.status() + " to the whole, and nothing of what is in it")
                    : new Answer.Http(200, http.headers(), http.body(), http.extent(), http.at());
        }
        Answer alike = one;
        return each(ids, id -> alike);
    }
}
