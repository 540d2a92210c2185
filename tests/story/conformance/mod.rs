//! The OpenID Foundation's conformance suite, module by module and by its names, so that a failure reads like the suite's report.

mod fapi2_tokens;
mod oidcc_basic_tokens;
