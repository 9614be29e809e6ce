// Marks the link of the section being read in the strip at the top of a chapter.

const links = [...document.querySelectorAll(".mode-strip a")];
const byId = new Map(links.map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const spy = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const link = byId.get(entry.target.id);
    if (!entry.isIntersecting) {
      link.removeAttribute("aria-current");
      continue;
    }
    link.setAttribute("aria-current", "location");
    const strip = link.closest(".mode-strip");
    strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
  }
}, { rootMargin: "-30% 0px -69% 0px" });
byId.forEach((link, id) => {
  const section = document.getElementById(id);
  if (section) spy.observe(section);
});
