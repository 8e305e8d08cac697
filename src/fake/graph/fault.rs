//! What can go wrong with a message.

/// What happens to a message that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// It is taken.
    #[default]
    None,
    /// It is refused with an error of this code.
    Error(i64),
    /// It is refused, or lost, with this HTTP status and no words.
    Status(u16),
    /// It is taken, and the sender is told 500.
    TakenThen500,
    /// It is taken, and the connection breaks off within the answer.
    TakenThenLost,
    /// It is not taken, and the connection breaks off within the answer.
    Lost,
    /// It is taken or not, and the sender waits for an answer that never comes.
    Silent {
        /// Whether the customer got it.
        taken: bool,
    },
    /// It is taken, and its statuses come before the answer.
    StatusFirst,
    /// It is taken, and a status says later that it failed with this code.
    FailsLater(i64),
}

impl Fault {
    /// Whether the customer gets the message.
    pub(super) fn is_taken(self) -> bool {
        match self {
            Self::None
            | Self::TakenThen500
            | Self::TakenThenLost
            | Self::Silent { taken: true }
            | Self::StatusFirst
            | Self::FailsLater(_) => true,
            Self::Error(_) | Self::Status(_) | Self::Lost | Self::Silent { taken: false } => false,
        }
    }
}
