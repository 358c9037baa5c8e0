package org.deprovisioner.console;

/** Answers one kind of request: a page, an action, an operation of the API. */
@FunctionalInterface
interface WebHandler {

    /**
     * Answers it, in a thread of the console's own.
     *
     * @throws RefusedException when it is not given, with the status and what to do
     */
    WebResponse handle(WebRequest request) throws Exception;
}
