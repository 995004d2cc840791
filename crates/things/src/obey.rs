//! Checks a request against the description of the thing before it leaves and before it is obeyed.

use serde_json::Value;

use crate::description::{ActionAffordance, Description, EventAffordance, PropertyAffordance};
use crate::problem::{Problem, ProblemKind};
use crate::reading::Reading;

impl Description {
    /// The property that may be read.
    ///
    /// # Errors
    /// There is none of that name, or it can only be written.
    pub fn readable(&self, name: &str) -> Result<&PropertyAffordance, Problem> {
        let property = self
            .property(name)
            .ok_or_else(|| missing("property", name))?;
        if property.schema.write_only {
            return Err(Problem::because(
                ProblemKind::Unsupported,
                format!("{name:?} cannot be read"),
            ));
        }
        Ok(property)
    }

    /// Checks that a property may be written with `value`.
    ///
    /// # Errors
    /// There is none of that name, it can only be read, or the value does not fit.
    pub fn check_write(&self, name: &str, value: &Value) -> Result<(), Problem> {
        let property = self
            .property(name)
            .ok_or_else(|| missing("property", name))?;
        if property.schema.read_only {
            return Err(Problem::because(
                ProblemKind::Unsupported,
                format!("{name:?} cannot be written"),
            ));
        }
        property.schema.validate(value).map_err(Problem::invalid)
    }

    /// Checks that an action may be invoked with `input` (null for none).
    ///
    /// # Errors
    /// There is none of that name, or the input does not fit.
    pub fn check_invoke(&self, name: &str, input: &Value) -> Result<&ActionAffordance, Problem> {
        let action = self.action(name).ok_or_else(|| missing("action", name))?;
        match &action.input {
            Some(schema) => schema.validate(input).map_err(Problem::invalid)?,
            None if input.is_null() => {}
            None => {
                let detail = format!("{name:?} takes no input");
                return Err(Problem::because(ProblemKind::InvalidValue, detail));
            }
        }
        Ok(action)
    }

    /// The event that may be subscribed.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn subscribable(&self, name: &str) -> Result<&EventAffordance, Problem> {
        self.event(name).ok_or_else(|| missing("event", name))
    }

    /// Checks a value that the thing itself reports.
    ///
    /// # Errors
    /// There is no such property, or the value does not fit.
    pub fn check_report(&self, name: &str, value: &Value) -> Result<(), Problem> {
        self.readable(name)?
            .schema
            .validate(value)
            .map_err(Problem::invalid)
    }

    /// Checks what a host says of a property: what it reports, and what was asked of it.
    ///
    /// # Errors
    /// There is no such property, or a value does not fit.
    pub fn check_reading(&self, name: &str, reading: &Reading) -> Result<(), Problem> {
        let property = self
            .property(name)
            .ok_or_else(|| missing("property", name))?;
        let mut values = reading.reported.iter().chain(&reading.target);
        values.try_for_each(|value| property.schema.validate(value).map_err(Problem::invalid))
    }

    /// Checks what a thing tells with an event.
    ///
    /// # Errors
    /// There is no such event, or the data does not fit.
    pub fn check_event(&self, name: &str, data: &Value) -> Result<(), Problem> {
        match &self.subscribable(name)?.data {
            Some(schema) => schema.validate(data).map_err(Problem::invalid),
            None => Ok(()),
        }
    }
}

fn missing(kind: &str, name: &str) -> Problem {
    Problem::because(
        ProblemKind::NotFound,
        format!("there is no {kind} {name:?}"),
    )
}
