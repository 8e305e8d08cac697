//! The head: which entry a question belongs to, told by how the wordings of one entry differ.
//!
//! It is a linear discriminant over frozen vectors, in closed form. Directions in which wordings of
//! one and the same entry differ (politeness, names, order of words) count little, those in which
//! entries differ count much. How they differ is learned from all entries together, so that an entry
//! with a single wording gains from its neighbours; with few wordings in all, the head comes close to
//! comparing plain vectors.

use super::table::Table;
use std::ops::Range;

/// Wordings as many times the numbers of a vector by which "we know nothing yet" counts.
const DOUBT: f32 = 4.0;
/// How far wordings of one entry usually lie apart: the sum of squares over all numbers.
const SPREAD: f32 = 0.6;
/// Rows that are enough to learn from; of more an even share is taken.
const ROWS: usize = 20_000;

/// What was learned from the wordings of all entries.
pub struct Head {
    /// The mean of all rows.
    mean: Vec<f32>,
    /// The lower triangle that spread is the square of, column by column.
    factor: Vec<Vec<f32>>,
    /// Makes cosines of what comes out, where nothing was learned.
    scale: f32,
}

/// A question as the head sees it.
pub struct Seen(Vec<f32>);

impl Head {
    /// Learns from the rows of entries; none where there are no vectors.
    pub fn learn(
        table: &Table,
        entries: impl Iterator<Item = Range<usize>> + Clone,
    ) -> Option<Self> {
        let dims = table.dims;
        let all: usize = entries.clone().map(|rows| rows.len()).sum();
        let step = (all / ROWS).max(1);
        let mut mean = Mean::new(dims);
        let mut spread = Spread::new(dims);
        for rows in entries.step_by(step) {
            let vectors: Vec<Vec<f32>> = rows.filter_map(|row| table.vector(row)).collect();
            let own = Mean::of(&vectors, dims);
            for vector in &vectors {
                mean.add(vector);
            }
            spread.add(&vectors, &own.taken());
        }
        if mean.count == 0 {
            return None;
        }
        let scale = SPREAD / float(dims);
        Some(Self { mean: mean.taken(), factor: factored(spread.matrix(scale)), scale })
    }

    /// A question as the head sees it.
    pub fn see(&self, question: &[f32]) -> Seen {
        let length = question.iter().map(|number| number * number).sum::<f32>().sqrt();
        Seen(self.solved(question.iter().map(|number| number / length.max(f32::MIN_POSITIVE))))
    }

    /// How much better an entry with these rows explains the question than no entry in particular
    /// does: like a cosine, 0 where it explains nothing.
    pub fn lift(&self, seen: &Seen, table: &Table, rows: Range<usize>) -> f32 {
        let vectors: Vec<Vec<f32>> = rows.filter_map(|row| table.vector(row)).collect();
        if vectors.is_empty() {
            return 0.0;
        }
        let entry = self.solved(Mean::of(&vectors, table.dims).taken().into_iter());
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        (dot(&seen.0, &entry) - dot(&entry, &entry) / 2.0) * self.scale
    }

    /// The way from the mean to a vector, in steps that count alike.
    fn solved(&self, vector: impl Iterator<Item = f32>) -> Vec<f32> {
        let mut rest: Vec<f32> =
            vector.zip(&self.mean).map(|(number, mean)| number - mean).collect();
        for (place, column) in self.factor.iter().enumerate() {
            let step = rest[place] / column[0];
            rest[place] = step;
            for (number, factor) in rest[place + 1..].iter_mut().zip(&column[1..]) {
                *number -= step * factor;
            }
        }
        rest
    }
}

struct Mean {
    sum: Vec<f32>,
    count: usize,
}

impl Mean {
    fn new(dims: usize) -> Self {
        Self { sum: vec![0.0; dims], count: 0 }
    }

    fn of(vectors: &[Vec<f32>], dims: usize) -> Self {
        let mut mean = Self::new(dims);
        for vector in vectors {
            mean.add(vector);
        }
        mean
    }

    fn add(&mut self, vector: &[f32]) {
        self.count += 1;
        for (sum, number) in self.sum.iter_mut().zip(vector) {
            *sum += number;
        }
    }

    fn taken(self) -> Vec<f32> {
        let count = float(self.count.max(1));
        self.sum.into_iter().map(|sum| sum / count).collect()
    }
}

/// How far rows lie from the mean of their entry: the upper triangle, row by row.
struct Spread {
    sums: Vec<Vec<f32>>,
    freedom: usize,
}

impl Spread {
    fn new(dims: usize) -> Self {
        Self { sums: (0..dims).map(|place| vec![0.0; dims - place]).collect(), freedom: 0 }
    }

    fn add(&mut self, vectors: &[Vec<f32>], mean: &[f32]) {
        if vectors.len() < 2 {
            return;
        }
        self.freedom += vectors.len() - 1;
        for vector in vectors {
            let away: Vec<f32> =
                vector.iter().zip(mean).map(|(number, mean)| number - mean).collect();
            for (place, sums) in self.sums.iter_mut().enumerate() {
                for (sum, number) in sums.iter_mut().zip(&away[place..]) {
                    *sum += away[place] * number;
                }
            }
        }
    }

    /// The spread, held towards an even one by [`DOUBT`].
    fn matrix(self, even: f32) -> Vec<Vec<f32>> {
        let doubt = DOUBT * float(self.sums.len());
        let all = float(self.freedom) + doubt;
        let mut rows = self.sums;
        for row in &mut rows {
            row[0] += doubt * even;
            for sum in row {
                *sum /= all;
            }
        }
        rows
    }
}

/// The lower triangle whose square a matrix is (Cholesky), column by column; given is its upper
/// triangle, row by row, which is the same by columns.
fn factored(mut columns: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    for place in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(place + 1);
        let column = &mut done[place];
        // Held apart from zero by the doubt; rounding can do no more than this.
        let root = column[0].max(1e-9).sqrt();
        for number in &mut *column {
            *number /= root;
        }
        column[0] = root;
        for (below, later) in (1..).zip(rest) {
            let factor = column[below];
            for (number, other) in later.iter_mut().zip(&column[below..]) {
                *number -= factor * other;
            }
        }
    }
    columns
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn float(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::{Head, factored};
    use crate::search::vectors::Table;

    fn table(vectors: &[[f32; 4]]) -> Table {
        let mut table = Table::pending("m", 4, vectors.len());
        for (row, vector) in vectors.iter().enumerate() {
            table.set(row, Some(vector));
        }
        table
    }

    #[test]
    fn a_matrix_is_the_square_of_its_factor() {
        let found = factored(vec![vec![4.0, 2.0, 0.0], vec![10.0, 3.0], vec![5.0]]);
        assert_eq!(found, [vec![2.0, 1.0, 0.0], vec![3.0, 1.0], vec![2.0]]);
    }

    #[test]
    fn without_anything_learned_the_more_alike_entry_wins() {
        let table = table(&[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]);
        let head = Head::learn(&table, [0..1, 1..2, 2..3].into_iter()).expect("three rows");
        let seen = head.see(&[0.9, 0.3, 0.0, 0.0]);
        let lifts = [0..1, 1..2, 2..3].map(|rows| head.lift(&seen, &table, rows));
        assert!(lifts[0] > lifts[1] && lifts[1] > lifts[2], "{lifts:?}");
        assert!(head.lift(&seen, &table, 0..0).abs() < f32::EPSILON);
        assert!(Head::learn(&Table::pending("m", 4, 0), std::iter::empty()).is_none());
    }

    #[test]
    fn what_differs_within_every_entry_counts_little() {
        // The last number differs within each entry, whatever is asked.
        let rows: Vec<[f32; 4]> = (0..40)
            .flat_map(|_| {
                [
                    [0.8, 0.0, 0.0, 0.6],
                    [0.8, 0.0, 0.0, -0.6],
                    [0.0, 0.8, 0.0, 0.6],
                    [0.0, 0.8, 0.0, -0.6],
                ]
            })
            .collect();
        let mut rows = rows;
        rows.sort_by(|a, b| b[0].total_cmp(&a[0]));
        rows.extend([[0.0, 0.2, 0.0, 0.98]]);
        let table = table(&rows);
        let entries = [0..80, 80..160, 160..161];
        let head = Head::learn(&table, entries.clone().into_iter()).expect("rows");
        let seen = head.see(&[0.4, 0.0, 0.0, 0.9]);
        let [right, other, alike] = entries.map(|rows| head.lift(&seen, &table, rows));
        assert!(right > other && right > alike, "{right} {other} {alike}");
    }
}
