//! stub
pub struct Model;
impl Model { pub fn new(_: &crate::config::Model) -> anyhow::Result<Self> { Ok(Self) } pub async fn draft(&self, r: &super::Request<'_>) -> super::Drafted { super::verbatim(r) } }
pub fn check() -> Vec<String> { Vec::new() }
