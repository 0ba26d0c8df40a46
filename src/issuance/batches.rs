//! Work in batches: while one is made, the one before is taken, so that neither waits for the other.

use rayon::prelude::*;

/// Makes things of items, every thread there is, and hands them on batch by batch, in order;
/// `stops` is asked before each batch. Two batches are in memory at most. Gives back whether all
/// were made: what was made is taken in any case.
///
/// # Errors
/// The first that cannot be made or taken; what was made before it is taken.
pub fn overlapped<'i, T: Sync, P: Send, E: Send>(
    items: &'i [T],
    size: usize,
    stops: impl Fn() -> bool,
    make: impl Fn(&'i T) -> Result<P, E> + Sync,
    mut take: impl FnMut(Vec<P>) -> Result<(), E> + Send,
) -> Result<bool, E> {
    let mut ready = Vec::new();
    // An empty batch comes last, while the last full one is taken.
    for batch in items.chunks(size).chain([&[][..]]) {
        let stopped = !batch.is_empty() && stops();
        let batch = if stopped { &[] } else { batch };
        let (next, taken) = rayon::join(
            || batch.par_iter().map(&make).collect::<Result<Vec<P>, E>>(),
            || take(std::mem::take(&mut ready)),
        );
        taken?;
        ready = next?;
        if stopped {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn all_are_taken_in_order_until_it_stops_or_fails() {
        let items: Vec<u32> = (0..10).collect();
        let run = |batches: usize, bad: u32| {
            let (asked, mut taken) = (Cell::new(0), Vec::new());
            let stops = || asked.replace(asked.get() + 1) >= batches;
            let make = |item: &u32| if *item == bad { Err("bad") } else { Ok(*item) };
            let done = overlapped(&items, 3, stops, make, |made| {
                taken.extend(made);
                Ok(())
            });
            (done, taken)
        };
        assert_eq!(run(9, 99), (Ok(true), items.clone()));
        assert_eq!(run(2, 99), (Ok(false), items[..6].to_vec()));
        assert_eq!(run(0, 99), (Ok(false), Vec::new()));
        assert_eq!(run(9, 7), (Err("bad"), items[..6].to_vec()));
    }
}
