//! What trust is made of: labelled turns, the audit, the licences that follow, the models fitted.

mod alarm;
mod audit;
mod evidence;
mod licence;
mod model;
mod reputation;

pub use audit::{Audit, AuditRow};
pub use evidence::{DeclaredSet, Evidence};
pub use licence::StoredLicence;
pub use model::StoredModel;

pub(super) use alarm::{raise_of_last, raise_of_reopened};
pub(super) use audit::insert_audit;
pub(super) use evidence::count_verdict;
pub(super) use licence::is_licensed;
