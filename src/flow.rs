//! The profile flow as a state machine: given what was heard, what to send next, or the end.
//!
//! A patch is written once or not at all, and never reported wrongly. Steps 1 and 2 change nothing, so a failure there
//! begins a new flow. Step 3 spends its csrf token, so the identical request cannot write twice; what one repeat of it leaves
//! open is settled by reading the user, and what that leaves open is `outcome_unknown`. Never a second patch on a guess.

use std::mem;

use crate::applied::Applied;
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::profile::{self, Answer, Change, Going, Kept};
use crate::session;
use crate::user::{self, Stored};

/// Milliseconds before something is tried again.
const PAUSE: u32 = 100;
/// Milliseconds before reading where the server may still be writing.
const LONG_PAUSE: u32 = 250;

/// Who asks: by this token, or by the browser's cookie.
#[derive(Clone)]
pub struct Asker {
    /// The token as it stands.
    pub token: Option<String>,
    /// Its `sub`. By cookie it is known from step 2 on.
    pub user_id: Option<String>,
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Wait for `pause` milliseconds at most, send this, and give it up after `share` percent of the time that the call has left.
    Send {
        /// The request.
        request: Request,
        /// Milliseconds.
        pause: u32,
        /// Percent.
        share: u32,
    },
    /// Nothing was written: find out what a 401 means.
    Weigh,
    /// The end. Ok: the contract's `UserMetadata`, as JSON text.
    End(Result<String, Error>),
}

enum State {
    /// Step 1, or step 2 of this flow.
    Prepare(Option<Going>),
    Patch(Going),
    Repeat(Going),
    /// What the patch came to where it is not there, and whether the user was read in vain already.
    Read(Error, bool),
}

/// One patch under way.
pub struct Flow {
    asker: Asker,
    change: Change,
    state: State,
    began_at: i64,
    /// Whether a patch was sent about which nothing is known yet.
    open: bool,
    /// Whether the flow is that of an earlier call.
    reused: bool,
    retried: bool,
    restarted: bool,
    kept: Option<Kept>,
}

impl Flow {
    /// Begins, or goes on with a flow that was kept for this token. Time in milliseconds since 1970.
    pub fn start(asker: Asker, change: Change, kept: Option<Kept>, now: i64) -> (Self, Step) {
        let mut flow = Self {
            asker,
            change,
            state: State::Prepare(None),
            began_at: now,
            open: false,
            reused: false,
            retried: false,
            restarted: false,
            kept: None,
        };
        let step = match kept.filter(|kept| flow.asker.token.is_some() && kept.is_usable(now)) {
            Some(kept) => {
                (flow.reused, flow.began_at) = (true, kept.began_at);
                flow.patch(kept.going)
            }
            None => flow.begin(0, now),
        };
        (flow, step)
    }

    /// Whether a patch was sent about which nothing is known: a call that ends here is `outcome_unknown`.
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Whose metadata it is, where that is known.
    pub fn user_id(&self) -> Option<&str> {
        self.asker.user_id.as_deref()
    }

    /// The flow, where the next patch of the same token may go on with it.
    pub fn kept(&mut self) -> Option<Kept> {
        self.kept.take()
    }

    /// The call is over.
    pub fn give_up(&self, error: Error) -> Error {
        if self.open {
            unknown()
        } else {
            error
        }
    }

    /// What follows from an answer, or from there being none.
    pub fn next(&mut self, heard: Result<Response, Error>, now: i64) -> Step {
        match mem::replace(&mut self.state, State::Prepare(None)) {
            State::Prepare(going) => self.prepare(going.as_ref(), heard, now),
            State::Patch(going) => self.patched(going, heard, now),
            State::Repeat(going) => self.repeated(&going, heard, now),
            State::Read(otherwise, again) => self.read(otherwise, again, heard),
        }
    }

    fn begin(&mut self, pause: u32, now: i64) -> Step {
        self.state = State::Prepare(None);
        self.began_at = now;
        Step::Send { request: profile::begin(self.token()), pause, share: 100 }
    }

    /// Steps 1 and 2.
    fn prepare(&mut self, going: Option<&Going>, heard: Result<Response, Error>, now: i64) -> Step {
        let response = match heard {
            Ok(response) => response,
            Err(error) if is_silence(&error) && !mem::replace(&mut self.retried, true) => {
                return self.begin(PAUSE, now)
            }
            Err(error) => return self.fail(error),
        };
        match (profile::parse(&response), going) {
            (Answer::Begun(going), None) => {
                let request = going.register(self.token());
                self.state = State::Prepare(Some(going));
                Step::Send { request, pause: 0, share: 100 }
            }
            (Answer::Shown(next, stored), Some(going)) if next.is_of(going) => self.shown(next, stored, now),
            (Answer::Unauthorized, _) => self.unauthorized(),
            (Answer::NotPermitted | Answer::Expired, Some(_)) if !mem::replace(&mut self.restarted, true) => {
                self.begin(0, now)
            }
            (Answer::Expired, Some(_)) => self.fail(expired()),
            _ => self.fail(response.refused()),
        }
    }

    /// Before step 3: whose metadata it would write, and what is stored.
    fn shown(&mut self, going: Going, stored: Stored, now: i64) -> Step {
        if !self.is_same_person(&stored) {
            return self.fail(session::other_person());
        }
        if !self.open {
            return self.patch(going);
        }
        match self.change.made(&stored.unsafe_metadata) {
            Applied::Yes => self.done(going, stored, now),
            Applied::No => self.patch(going),
            Applied::Unclear => Step::End(Err(unknown())),
        }
    }

    fn patch(&mut self, going: Going) -> Step {
        let request = going.patch(&self.change, self.token());
        self.state = State::Patch(going);
        self.open = true;
        Step::Send { request, pause: 0, share: 65 }
    }

    fn patched(&mut self, going: Going, heard: Result<Response, Error>, now: i64) -> Step {
        let response = match heard {
            Ok(response) => response,
            // By cookie another person may have signed in since, and a flow writes for whoever asks.
            Err(error) if is_silence(&error) && self.asker.token.is_some() => {
                let request = going.patch(&self.change, self.token());
                self.state = State::Repeat(going);
                return Step::Send { request, pause: PAUSE, share: 50 };
            }
            Err(_) => return self.settle(unknown(), PAUSE),
        };
        match profile::parse(&response) {
            Answer::Unauthorized => {
                self.open = false;
                Step::Weigh
            }
            // Not written by this request; perhaps by one that it repeats, where a connection did that. Step 2 shows it.
            Answer::NotPermitted if self.reused && !mem::replace(&mut self.restarted, true) => self.begin(0, now),
            Answer::Expired if !mem::replace(&mut self.restarted, true) => self.begin(0, now),
            Answer::Expired => self.settle(expired(), 0),
            Answer::Failed => self.settle(response.refused(), LONG_PAUSE),
            answer => self.written(&going, answer, &response, now),
        }
    }

    /// The first one got lost. Refused now, it was never processed; not permitted now, it was, but how is not said.
    fn repeated(&mut self, going: &Going, heard: Result<Response, Error>, now: i64) -> Step {
        match heard {
            Err(_) => self.settle(unknown(), PAUSE),
            Ok(response) => match profile::parse(&response) {
                Answer::Failed => self.settle(unknown(), LONG_PAUSE),
                answer => self.written(going, answer, &response, now),
            },
        }
    }

    /// What a processed patch is answered; anything else leaves it open.
    fn written(&mut self, going: &Going, answer: Answer, response: &Response, now: i64) -> Step {
        match answer {
            Answer::Shown(next, stored) if next.is_of(going) => {
                if !self.is_same_person(&stored) {
                    return Step::End(Err(unknown()));
                }
                if self.change == Change::Clear && self.change.made(&stored.unsafe_metadata) != Applied::Yes {
                    return self.settle(unknown(), 0);
                }
                self.done(next, stored, now)
            }
            Answer::Refused(next, error) if next.is_of(going) => {
                self.keep(next, now);
                Step::End(Err(error))
            }
            _ => self.settle(unknown_after(response), 0),
        }
    }

    /// Reads the user: by `/me`, which works where a stored number closes the flow, and shows the text as it is stored.
    fn settle(&mut self, otherwise: Error, pause: u32) -> Step {
        self.state = State::Read(otherwise, false);
        Step::Send { request: user::request(self.token()), pause, share: 50 }
    }

    fn read(&mut self, otherwise: Error, again: bool, heard: Result<Response, Error>) -> Step {
        let stored = match &heard {
            Ok(response) if response.status == 200 => std::str::from_utf8(&response.body).ok().and_then(user::stored),
            _ if !again => {
                self.state = State::Read(otherwise, true);
                return Step::Send { request: user::request(self.token()), pause: PAUSE, share: 100 };
            }
            _ => None,
        };
        let Some(stored) = stored.filter(|stored| self.is_same_person(stored)) else {
            return Step::End(Err(unknown()));
        };
        Step::End(match self.change.made(&stored.unsafe_metadata) {
            Applied::Yes => Ok(stored.metadata),
            Applied::No => Err(otherwise),
            Applied::Unclear => Err(unknown()),
        })
    }

    fn unauthorized(&self) -> Step {
        if self.open {
            return Step::End(Err(unknown()));
        }
        Step::Weigh
    }

    fn fail(&self, error: Error) -> Step {
        Step::End(Err(self.give_up(error)))
    }

    fn done(&mut self, going: Going, stored: Stored, now: i64) -> Step {
        self.keep(going, now);
        Step::End(Ok(stored.metadata))
    }

    fn keep(&mut self, going: Going, now: i64) {
        if self.asker.token.is_some() {
            self.kept = Some(Kept { going, began_at: self.began_at, used_at: now });
        }
    }

    fn is_same_person(&mut self, stored: &Stored) -> bool {
        *self.asker.user_id.get_or_insert_with(|| stored.user_id.clone()) == stored.user_id
    }

    fn token(&self) -> Option<&str> {
        self.asker.token.as_deref()
    }
}

/// No answer came: nobody knows whether the request arrived.
fn is_silence(error: &Error) -> bool {
    matches!(error.code(), Code::NetworkError | Code::RequestTimeout)
}

fn expired() -> Error {
    Error::new(Code::FlowExpired, "Hanko ended the profile flow twice; nothing was written").with_status(410)
}

fn unknown() -> Error {
    Error::new(Code::OutcomeUnknown, "the patch was sent, and it cannot be told whether it is stored: read the user")
}

fn unknown_after(response: &Response) -> Error {
    let mut error = unknown();
    (error.status, error.retry_after) = (Some(response.status).filter(|status| *status != 0), response.retry_after);
    error
}
