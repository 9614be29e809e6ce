// Marks the section that is being read: in the list of chapters, which holds the contents of the page,
// and in the strip at the top of a chapter.

const links = [...document.querySelectorAll(".contents a, .mode-strip a")];
const sectionOf = (link) => decodeURIComponent(link.hash.slice(1));

function mark(link, isRead) {
  if (!isRead) return link.removeAttribute("aria-current");
  link.setAttribute("aria-current", "location");
  const strip = link.closest(".mode-strip");
  if (strip) strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
}

// The section that crosses a line in the upper third of the screen.
const spy = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    links.filter((link) => sectionOf(link) === target.id).forEach((link) => mark(link, isIntersecting));
  }
}, { rootMargin: "-30% 0px -69% 0px" });

for (const id of new Set(links.map(sectionOf))) {
  const section = document.getElementById(id);
  if (section) spy.observe(section);
}
