//! What keeps the town's company bearable: texts are looked at before they are said.

mod secrets;

pub(crate) use secrets::check_secrets;
