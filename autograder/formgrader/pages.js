// What formgrader's pages lack, behind nbgrader's own script.

// A page that stands alone links to files as if its server began at the root of the machine. A hub's does not.
{
    const theirs = linkTo;
    linkTo = (kind, path) => {
        const link = theirs(kind, path);
        return (number, element) => {
            const linked = link(number, element);
            const target = linked.getAttribute("href");
            const server = base_url.replace(/\/formgrader$/, ""); // known after this script
            if (target.startsWith("/")) linked.setAttribute("href", server + target);
            return linked;
        };
    };
}

// What was typed and could not be saved would look as if it was.
$(document).ajaxError((event, answer, asked) => {
    if (asked.type !== "PUT") return;
    const why = {
        0: "The server cannot be reached now.",
        403: "You are no longer signed in: sign in again in another tab.",
        500: "The gradebook cannot be written to now; the server's log says why.",
    };
    createModal(
        "not-saved",
        "Not saved",
        (why[answer.status] || `The server answered ${answer.status}.`) +
            " What you typed still stands in its field. Change it there to save it again," +
            " and do not leave this page before."
    );
});
