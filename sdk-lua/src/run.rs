//! What is known of a run of a service (`service.run`), as a Lua table: numbers are numbers, what
//! is so is true, and what is not known is nil.

use daemonproxy_protocol::{FactValue, RunView};
use mlua::{Lua, Result, Table};

/// The facts by their names.
pub(crate) fn facts(lua: &Lua, run: &RunView) -> Result<Table> {
    let it = lua.create_table()?;
    for (key, value) in run.values() {
        let key = lua.create_string(key)?;
        match value {
            FactValue::Moment(time) | FactValue::Seconds(time) => {
                it.raw_set(key, time.as_secs_f64())?;
            }
            FactValue::Number(number) => it.raw_set(key, number)?,
            FactValue::Flag => it.raw_set(key, true)?,
            FactValue::Word(word) => it.raw_set(key, lua.create_string(word)?)?,
            FactValue::Failure(failure) => {
                let why = lua.create_table_with_capacity(0, 2)?;
                why.raw_set("stage", lua.create_string(failure.stage)?)?;
                why.raw_set("errno", failure.errno)?;
                it.raw_set(key, why)?;
            }
        }
    }
    Ok(it)
}
