//! Confidence models that were fitted on the deployment's own verdicts.

use crate::store::row::{row, to_json};
use crate::store::{Store, on};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredModel {
    /// Its version.
    pub version: String,
    /// The labelled turns it was fitted on.
    pub fitted_on: i64,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Its coefficients.
    pub body: Value,
}

row!(StoredModel { version, fitted_on, created_at } json { body });

impl Store {
    /// The newest fitted model.
    pub async fn find_model(&self) -> Result<Option<StoredModel>> {
        on!(&self.read, db => {
            sqlx::query_as(
                "select version, fitted_on, created_at, body from model
                 order by created_at desc, version desc limit 1",
            )
            .fetch_optional(db)
            .await
        })
        .context("reading the fitted model")
    }

    /// Stores a fitted model; one of the same version is the same model.
    pub async fn add_model(&self, model: &StoredModel) -> Result<()> {
        let body = to_json(&model.body)?;
        on!(&self.write, db => {
            sqlx::query(
                "insert into model (version, body, fitted_on, created_at) values ($1, $2, $3, $4)
                 on conflict (version) do update set fitted_on = excluded.fitted_on,
                     created_at = excluded.created_at",
            )
            .bind(&model.version)
            .bind(body)
            .bind(model.fitted_on)
            .bind(model.created_at)
            .execute(db)
            .await
            .map(drop)
        })
        .context("storing a fitted model")
    }
}
