package org.deprovisioner.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came of actions, until the page is shown that follows them. */
final class Notices {

    static final String FIELD = "said";

    private static final int MOST = 200;

    private final Map<String, Notice> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Notice> eldest) {
            return size() > MOST;
        }
    };

    private record Notice(String by, List<String> sentences) {}

    /** To a page that says this to who asks. */
    WebResponse say(String path, WebRequest request, List<String> sentences) {
        String id = Sessions.random();
        synchronized (kept) {
            kept.put(id, new Notice(request.signedIn().by(), List.copyOf(sentences)));
        }
        return WebResponse.seeOther(path + (path.contains("?") ? "&" : "?") + FIELD + "=" + id);
    }

    List<String> of(String id, Person person) {
        synchronized (kept) {
            Notice notice = kept.get(id);
            return notice != null && notice.by.equals(person.by()) ? notice.sentences : List.of();
        }
    }
}
