/** Damerau-Levenshtein distance (adjacent swaps count one), for "did you mean". */
/** The distance, or `limit + 1` as soon as it must be more than `limit`. */
export function editDistance(left, right, limit) {
    if (Math.abs(left.length - right.length) > limit)
        return limit + 1;
    let beforePrevious = [];
    let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let row = 1; row <= left.length; row += 1) {
        const current = [row];
        let best = row;
        for (let column = 1; column <= right.length; column += 1) {
            const same = left[row - 1] === right[column - 1];
            let cost = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1));
            if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
                cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
            }
            current.push(cost);
            best = Math.min(best, cost);
        }
        if (best > limit)
            return limit + 1;
        beforePrevious = previous;
        previous = current;
    }
    return previous[right.length] ?? 0;
}
/** The candidate that is nearest, if it is near: one slip in three letters, three at most. */
export function nearestName(name, candidates) {
    const wanted = name.toLowerCase().slice(0, 100);
    let limit = Math.min(3, Math.floor(wanted.length / 3));
    let nearest;
    for (const candidate of candidates) {
        const distance = editDistance(wanted, candidate.toLowerCase(), limit);
        if (distance > limit)
            continue;
        nearest = candidate;
        limit = distance - 1;
        if (limit < 0)
            break;
    }
    return nearest;
}
//# sourceMappingURL=edit-distance.js.map