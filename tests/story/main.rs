//! Stories: what people, apps and attackers do, told against the real server on both engines.

mod apply;
mod attacks;
mod channels;
mod conformance;
mod consent;
mod dpop;
mod exchange;
mod harness;
mod hints;
mod identifiers;
mod keys;
mod kinde;
mod logout;
mod machines;
mod par;
mod passcodes;
mod prompts;
mod protocol;
mod refresh;
mod responses;
mod sign_in;
mod standing;
mod timeline;
mod token_properties;
