//! Fitting the model to judged turns: logistic regression with a penalty on large weights.

use super::model::Model;
use super::{Features, bound::real};
use crate::token;
use smartcore::linalg::basic::{arrays::Array, matrix::DenseMatrix};
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};
use std::collections::BTreeMap;

/// The least number of right and of wrong turns that a fit makes sense on.
const LEAST_OF_EACH: usize = 20;

/// The penalty on the squared weights of standardised features.
const PENALTY: f64 = 1.0;

/// Why no model can be fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There are no rows.
    #[error("there are no judged turns to learn from")]
    Empty,
    /// All rows are right, or all are wrong.
    #[error("all judged turns are {0}; a model needs right and wrong ones to tell them apart")]
    OneClass(&'static str),
    /// One kind is too rare.
    #[error(
        "only {0} judged turns are of the rarer kind, right or wrong; {LEAST_OF_EACH} are needed"
    )]
    TooFew(usize),
    /// A feature is no number, or the fit did not end in numbers.
    #[error("the feature `{0}` is not a number in every judged turn")]
    NotFinite(String),
}

impl Model {
    /// Fits a model to features and whether their drafts were right. A feature that never varies in the
    /// rows keeps the weight of the shipped model: nothing was learned about it.
    pub fn fit(rows: &[(Features, bool)]) -> Result<Self, Unfit> {
        check_labels(rows)?;
        let columns = columns(rows)?;
        let (varying, constant): (Vec<Column>, Vec<Column>) =
            columns.into_iter().partition(|column| column.deviation > 0.0);
        let (mut intercept, slopes) = regress(&varying, rows)?;
        let mut weights = BTreeMap::new();
        for (column, slope) in varying.into_iter().zip(slopes) {
            let weight = slope / column.deviation;
            intercept -= weight * column.mean;
            weights.insert(column.name.to_owned(), weight);
        }
        for column in constant {
            let shipped = Self::shipped().weights.get(column.name).copied().unwrap_or(0.0);
            intercept -= shipped * column.mean;
            weights.insert(column.name.to_owned(), shipped);
        }
        let mut model = Self { version: String::new(), intercept, weights };
        let text = serde_json::to_string(&model).unwrap_or_default();
        model.version = token::hash(&text).chars().take(12).collect();
        Ok(model)
    }
}

fn check_labels(rows: &[(Features, bool)]) -> Result<(), Unfit> {
    let right = rows.iter().filter(|(_, right)| *right).count();
    let wrong = rows.len() - right;
    match (right, wrong) {
        (0, 0) => Err(Unfit::Empty),
        (0, _) => Err(Unfit::OneClass("wrong")),
        (_, 0) => Err(Unfit::OneClass("right")),
        _ if right.min(wrong) < LEAST_OF_EACH => Err(Unfit::TooFew(right.min(wrong))),
        _ => Ok(()),
    }
}

/// A feature over all rows.
struct Column {
    name: &'static str,
    values: Vec<f64>,
    mean: f64,
    deviation: f64,
}

fn columns(rows: &[(Features, bool)]) -> Result<Vec<Column>, Unfit> {
    let mut columns: Vec<Column> = Vec::new();
    for (features, _) in rows {
        for (index, (name, value)) in features.named().into_iter().enumerate() {
            if !value.is_finite() {
                return Err(Unfit::NotFinite(name.to_owned()));
            }
            if index == columns.len() {
                columns.push(Column { name, values: Vec::new(), mean: 0.0, deviation: 0.0 });
            }
            columns[index].values.push(value);
        }
    }
    let rows = real(rows.len() as u64);
    for column in &mut columns {
        column.mean = column.values.iter().sum::<f64>() / rows;
        let squares = column.values.iter().map(|value| (value - column.mean).powi(2));
        column.deviation = (squares.sum::<f64>() / rows).sqrt();
        // Equal values may deviate from their mean by rounding.
        if column.deviation < 1e-9 {
            column.deviation = 0.0;
        }
    }
    Ok(columns)
}

/// The intercept and one slope for each standardised column.
fn regress(columns: &[Column], rows: &[(Features, bool)]) -> Result<(f64, Vec<f64>), Unfit> {
    let right: Vec<u32> = rows.iter().map(|(_, right)| u32::from(*right)).collect();
    let unfit = || Unfit::NotFinite("confidence".into());
    if columns.is_empty() {
        let share =
            real(right.iter().map(|right| u64::from(*right)).sum()) / real(rows.len() as u64);
        return Ok(((share / (1.0 - share)).ln(), Vec::new()));
    }
    let standardised: Vec<f64> = (0..rows.len())
        .flat_map(|row| {
            columns.iter().map(move |column| (column.values[row] - column.mean) / column.deviation)
        })
        .collect();
    let table =
        DenseMatrix::new(rows.len(), columns.len(), standardised, false).map_err(|_| unfit())?;
    let parameters = LogisticRegressionParameters::default().with_alpha(PENALTY);
    let fitted = LogisticRegression::fit(&table, &right, parameters).map_err(|_| unfit())?;
    let slopes: Vec<f64> = fitted.coefficients().iterator(0).copied().collect();
    let intercept = *fitted.intercept().get((0, 0));
    let is_sound = intercept.is_finite() && slopes.iter().all(|slope| slope.is_finite());
    is_sound.then_some((intercept, slopes)).ok_or_else(unfit)
}
