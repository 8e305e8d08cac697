//! A table of vectors in single bytes, one row a unit, compared with a question by brute force.

use std::collections::HashMap;

/// A row that has not been computed yet.
const PENDING: f32 = -1.0;

/// Vectors of unit length, each as bytes and the scale that makes numbers of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Who made the vectors; those of two makers never mix.
    pub model: String,
    /// The numbers of a vector; 0 until the first is known.
    pub dims: usize,
    /// The scale of each row; 0 for a text without a vector.
    pub scales: Vec<f32>,
    /// The rows, one after the other.
    pub codes: Vec<i8>,
}

impl Table {
    /// A table of a maker with so many rows, all to be computed.
    pub fn pending(model: &str, dims: usize, rows: usize) -> Self {
        let (scales, codes) = (vec![PENDING; rows], vec![0; rows * dims]);
        Self { model: model.to_owned(), dims, scales, codes }
    }

    /// Whether the row is still to be computed.
    pub fn is_pending(&self, row: usize) -> bool {
        self.scales.get(row).is_none_or(|&scale| scale < 0.0)
    }

    /// Whether every row is there.
    pub fn is_complete(&self) -> bool {
        self.dims > 0 && self.scales.iter().all(|&scale| scale >= 0.0)
    }

    /// Fills a row; without a vector of the right size it stays empty and is like nothing.
    pub fn set(&mut self, row: usize, vector: Option<&[f32]>) {
        if self.dims == 0
            && let Some(vector) = vector
        {
            self.dims = vector.len();
            self.codes = vec![0; self.scales.len() * self.dims];
        }
        let Some(scale) = self.scales.get_mut(row) else { return };
        let vector = vector.filter(|vector| vector.len() == self.dims);
        let Some((codes, of)) = vector.and_then(coded) else {
            *scale = 0.0;
            return;
        };
        *scale = of;
        self.codes[row * self.dims..][..self.dims].copy_from_slice(&codes);
    }

    /// Takes over the rows of texts that another table of the same maker has; `keys` and
    /// `other_keys` name the texts of the rows.
    pub fn adopt(&mut self, keys: &[u64], other: &Self, other_keys: &[u64]) {
        if self.model != other.model || other.dims == 0 {
            return;
        }
        if self.dims != other.dims {
            *self = Self::pending(&self.model, other.dims, keys.len());
        }
        let places: HashMap<u64, usize> =
            other_keys.iter().enumerate().map(|(place, &key)| (key, place)).collect();
        for (row, key) in keys.iter().enumerate() {
            if let Some(&place) = places.get(key)
                && !other.is_pending(place)
            {
                self.scales[row] = other.scales[place];
                self.codes[row * self.dims..][..self.dims].copy_from_slice(other.row(place));
            }
        }
    }

    /// The bytes of a row.
    pub fn row(&self, row: usize) -> &[i8] {
        &self.codes[row * self.dims..][..self.dims]
    }

    /// The numbers of a row; none for a text without a vector.
    pub fn vector(&self, row: usize) -> Option<Vec<f32>> {
        let scale = self.scales[row];
        let numbers = self.row(row).iter().map(|&code| f32::from(code) * scale);
        (scale > 0.0).then(|| numbers.collect())
    }

    /// The cosine of a question and each row; 0 where a text has no vector.
    #[expect(clippy::cast_precision_loss, reason = "sums of products of bytes are far below 2^24")]
    pub fn cosines(&self, question: &[f32]) -> Option<Vec<f32>> {
        let (codes, scale) = coded(question).filter(|_| question.len() == self.dims)?;
        let codes: Vec<i16> = codes.into_iter().map(i16::from).collect();
        let rows = self.codes.chunks_exact(self.dims).zip(&self.scales);
        let cosine = |(row, &of): (&[i8], &f32)| dot(&codes, row) as f32 * scale * of.max(0.0);
        Some(rows.map(cosine).collect())
    }
}

/// The sum of products; in two bytes each, because that is what processors multiply in pairs.
fn dot(one: &[i16], other: &[i8]) -> i32 {
    let (ones, others) = (one.chunks_exact(16), other.chunks_exact(16));
    let rest = ones.remainder().iter().zip(others.remainder());
    let rest: i32 = rest.map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    let mut sums = [0i32; 16];
    for (one, other) in ones.zip(others) {
        for place in 0..16 {
            sums[place] += i32::from(one[place]) * i32::from(i16::from(other[place]));
        }
    }
    sums.iter().sum::<i32>() + rest
}

/// A vector as bytes and their scale, brought to unit length; none where it has no direction.
#[expect(clippy::cast_possible_truncation, reason = "rounded numbers up to 127 fit a byte")]
fn coded(vector: &[f32]) -> Option<(Vec<i8>, f32)> {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    let largest = vector.iter().fold(0.0, |largest: f32, number| largest.max(number.abs()));
    if !length.is_finite() || length <= f32::EPSILON {
        return None;
    }
    let codes: Vec<i8> =
        vector.iter().map(|number| (number / largest * 127.0).round() as i8).collect();
    // The scale makes the row exactly as long as one, whatever rounding did to it.
    let squares: i32 = codes.iter().map(|&code| i32::from(code) * i32::from(code)).sum();
    #[expect(clippy::cast_precision_loss, reason = "the length of some hundred bytes")]
    let scale = 1.0 / (squares as f32).sqrt();
    Some((codes, scale))
}

#[cfg(test)]
mod tests {
    use super::{Table, dot};

    #[test]
    fn cosines_are_those_of_the_numbers() {
        let vectors = [[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 2.0]];
        let mut table = Table::pending("m", 3, 5);
        for (row, vector) in vectors.iter().enumerate() {
            table.set(row, Some(vector));
        }
        assert!(!table.is_complete());
        table.set(4, None);
        assert!(table.is_complete());
        let cosines = table.cosines(&[3.0, 4.0, 0.0]).expect("a vector of the right size");
        for (found, expected) in cosines.iter().zip([0.6, 1.0, -0.6, 0.0, 0.0]) {
            assert!((found - expected).abs() < 0.01, "{found} {expected}");
        }
        assert_eq!(table.cosines(&[1.0; 4]), None);
        assert_eq!(table.cosines(&[f32::NAN; 3]), None);
        assert_eq!(table.cosines(&[0.0; 3]), None);
    }

    #[test]
    fn only_what_is_new_has_to_be_computed() {
        let mut old = Table::pending("m", 2, 2);
        old.set(0, Some(&[1.0, 0.0]));
        let mut table = Table::pending("m", 0, 3);
        table.adopt(&[7, 5, 6], &old, &[5, 6]);
        assert_eq!([0, 1, 2].map(|row| table.is_pending(row)), [true, false, true]);
        let mut other = Table::pending("another", 2, 3);
        other.adopt(&[7, 5, 6], &old, &[5, 6]);
        assert!(other.is_pending(1));
    }

    #[test]
    fn products_are_summed_for_every_length() {
        for length in [0, 1, 15, 16, 17, 128, 384] {
            let (one, other) = (vec![-127; length], vec![127; length]);
            let length = i32::try_from(length).expect("a small number");
            assert_eq!(dot(&one, &other), -127 * 127 * length);
        }
    }
}
