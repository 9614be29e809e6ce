// Leitner's boxes: when a question comes back. A card says in which box a question lies and when it
// was answered last, { box, at }; from one box to the next the days between two answers double.

export const DAYS = [1, 2, 4, 8, 16]; // until a question of box 1, 2, ... is due again

/** The reader's day, in his own time zone, as a whole number: the next day is one more. */
export const dayOf = (at) =>
  Math.floor((at - new Date(at).getTimezoneOffset() * 60_000) / 86_400_000);

/** The day from which a card is due. */
export const dueOn = (card) => dayOf(card.at) + DAYS[card.box - 1];

export const isDue = (card, now) => dueOn(card) <= dayOf(now);

/**
 * The card of a question that was answered now; `card` is the one it had, if it had one.
 * A wrong answer sends it to the first box, a right one to the next; but a right one before its day
 * shows nothing yet, so that answering ten times today does not put it off for a month.
 */
export function answered(card, right, now) {
  if (!card || !right) return { box: 1, at: now };
  if (!isDue(card, now)) return card;
  return { box: Math.min(card.box + 1, DAYS.length), at: now };
}
