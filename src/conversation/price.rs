//! What a message costs: what the channel says of it, and the amount by the prices that the settings name.

/// What a message of ours counts as at the channel (Meta, "Pricing on the WhatsApp Business Platform": `pricing` of
/// a status).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// The channel's category: `utility`, `marketing`, `authentication`, `service` and what else it may name.
    pub category: String,
    /// Its kind, such as `regular` or `free_customer_service`.
    pub kind: Option<String>,
    /// Whether it is charged for at all.
    pub billable: bool,
    /// What it costs, where that is known.
    pub amount: Option<Amount>,
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// Millionths of the currency.
    pub micros: i64,
    /// The currency's code (ISO 4217).
    pub currency: String,
}

/// What messages of a category cost to numbers that begin alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariff {
    /// The beginning of the number, a country's calling code, without `+`; empty for any.
    pub prefix: String,
    /// The category.
    pub category: String,
    /// What a message costs.
    pub amount: Amount,
}

impl Price {
    /// The price with its amount, by what is known of prices: the longest beginning of the number counts. What is
    /// not charged for costs nothing, and nothing is known of a recipient without a number.
    #[must_use]
    pub fn priced(self, tariffs: &[Tariff], number: Option<&str>) -> Self {
        let digits = number.map(|number| number.trim_start_matches('+'));
        let of = |tariff: &&Tariff| {
            let is_near = digits.is_some_and(|digits| digits.starts_with(&tariff.prefix));
            is_near && tariff.category == self.category
        };
        let tariff = tariffs.iter().filter(of).max_by_key(|tariff| tariff.prefix.len());
        let amount = tariff.filter(|_| self.billable).map(|tariff| tariff.amount.clone());
        Self { amount, ..self }
    }
}

impl Amount {
    /// The amount in words: two to six decimals, then the currency.
    pub fn words(&self) -> String {
        let (whole, part) = (self.micros / 1_000_000, (self.micros % 1_000_000).abs());
        let part = format!("{part:06}");
        let kept = part.trim_end_matches('0').len().max(2);
        format!("{whole}.{} {}", &part[..kept], self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Price, Tariff};

    fn euro(micros: i64) -> Amount {
        Amount { micros, currency: "EUR".into() }
    }

    #[test]
    fn the_longest_beginning_of_the_number_counts() {
        let tariffs: Vec<Tariff> = [
            ("", "marketing", 70_000),
            ("49", "marketing", 113_100),
            ("4915", "marketing", 120_000),
            ("49", "utility", 45_600),
        ]
        .map(|(prefix, category, micros)| Tariff {
            prefix: prefix.into(),
            category: category.into(),
            amount: euro(micros),
        })
        .into();
        for (category, billable, number, micros) in [
            ("marketing", true, Some("+4915112345"), Some(120_000)),
            ("marketing", true, Some("4930123456"), Some(113_100)),
            ("marketing", true, Some("+14155550123"), Some(70_000)),
            ("utility", true, Some("+4930123456"), Some(45_600)),
            ("utility", true, Some("+14155550123"), None),
            ("utility", false, Some("+4930123456"), None),
            ("service", true, Some("+4930123456"), None),
            ("marketing", true, None, None),
        ] {
            let price = Price { category: category.into(), kind: None, billable, amount: None };
            let amount = price.priced(&tariffs, number).amount;
            assert_eq!(amount, micros.map(euro), "{category} {billable} {number:?}");
        }
    }

    #[test]
    fn an_amount_is_written_with_the_decimals_it_has() {
        for (micros, words) in [
            (0, "0.00 EUR"),
            (45_600, "0.0456 EUR"),
            (113_000, "0.113 EUR"),
            (2_000_000, "2.00 EUR"),
            (1_000_001, "1.000001 EUR"),
        ] {
            assert_eq!(euro(micros).words(), words);
        }
    }
}
