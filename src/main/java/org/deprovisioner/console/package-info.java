/**
 * The console that a running service serves: pages, actions, the API, health and metrics.
 *
 * <p><b>How something is added.</b> A handler is one small method that is given a {@link
 * org.deprovisioner.console.WebRequest} and gives a {@link org.deprovisioner.console.WebResponse}; a line in the {@code
 * addTo(Router)} of its class names its path:
 *
 * <ul>
 *   <li>a page: {@code router.page("/batches/{name}", this::batch)}: GET, for who is signed in and may read. Every text from
 *       outside is escaped; each of its forms carries {@code request.csrf()} in the hidden field {@code csrf}.
 *   <li>an action: {@code router.action("/batches/{name}/cancel", Right.CANCEL, this::cancel)}: POST, for who may do it. It
 *       does what the command of its name does, as {@code request.signedIn().by()}, and ends with {@code
 *       WebResponse.seeOther(…)}. One with a file: {@code router.upload(…)}, then {@code request.file("file")}.
 *   <li>an operation of the API: {@code router.api("POST", "/api/v1/batches/{name}/cancel", Right.CANCEL, this::cancel)}:
 *       for a password or access token in {@code Authorization: Bearer}; its body is {@code request.body().bytes()}, and
 *       {@code request.signedIn()} is who asks.
 *   <li>a file of ours, such as a style sheet: {@code router.open("GET", "/style.css", …)}.
 * </ul>
 *
 * <p>What is refused is a {@link org.deprovisioner.console.RefusedException}: a status and a sentence, which becomes a page
 * or, for the API, problem details. {@link org.deprovisioner.console.Gate} has made every other check before: {@code Host},
 * {@code Origin}, session, token of the form, right, size. A handler runs in one of a few threads of the console; it reads
 * with the console's own connections, and what it answers may be as long as it likes ({@code WebResponse.streamed}).
 */
@NullMarked
package org.deprovisioner.console;

import org.jspecify.annotations.NullMarked;
