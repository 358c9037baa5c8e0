package org.deprovisioner.dispatch;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.deprovisioner.graph.GraphAnswer;
import org.deprovisioner.graph.LeavesBy;
import org.jspecify.annotations.Nullable;

/** Where a call meets the exchange that makes it: the only class of the steps of a call that knows Camel. */
public final class CallEdge {

    /** The variable that keeps the call while the message is what goes to Graph and what comes back. */
    private static final String CALL = "call";

    private final CallCounts counts;

    CallEdge(CallCounts counts) {
        this.counts = counts;
    }

    /** Makes the message the request that the call is: the documented headers and body, and nothing else. */
    public void writeRequest(Exchange exchange) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        Call call = message.getMandatoryBody(Call.class);
        exchange.setVariable(CALL, call);
        message.removeHeaders("*");
        Ask ask = call.ask();
        message.setHeader(Exchange.HTTP_METHOD, ask.method());
        message.setHeader(Exchange.HTTP_URI, call.baseUrl() + "/" + ask.path());
        set(message, Exchange.HTTP_QUERY, ask.query());
        message.setHeader(
                "Authorization", "Bearer " + call.token().orElseThrow().value());
        message.setHeader("Accept", "application/json");
        message.setHeader("client-request-id", call.clientRequestId());
        String body = ask.body();
        set(message, "Content-Type", body == null ? null : "application/json");
        ask.headers().forEach(message::setHeader);
        call.leavesBy().ifPresent(until -> message.setHeader(LeavesBy.HEADER, until.header()));
        message.setBody(body);
    }

    private static void set(Message message, String name, @Nullable String value) {
        if (value != null) {
            message.setHeader(name, value);
        }
    }

    /** Makes the message, which is the answer, the call with its answer; no token goes on in a header. */
    public void readResponse(Exchange exchange) throws InvalidPayloadException {
        answered(exchange, exchange.getMessage().getMandatoryBody(GraphAnswer.class));
    }

    /** The same of what came instead of an answer: it says whether the call may have been executed. */
    public void readFailure(Exchange exchange) {
        answered(
                exchange,
                GraphAnswer.of(Objects.requireNonNull(
                        exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class))));
    }

    private void answered(Exchange exchange, GraphAnswer answer) {
        Call call = Objects.requireNonNull(exchange.getVariable(CALL, Call.class));
        counts.count(call.tenant(), call.isWrite(), answer.status());
        Message message = exchange.getMessage();
        message.setBody(call.with(answer));
        message.removeHeaders("*");
    }
}
