//! Stories: what people, apps and attackers do, told against the real server on both engines.

mod channels;
mod exchange;
mod harness;
mod hints;
mod logout;
mod prompts;
mod protocol;
mod refresh;
mod sign_in;
mod standing;
