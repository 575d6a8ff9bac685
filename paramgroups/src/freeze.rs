//! Freezing by stage.

use crate::error::{Error, Result};
use crate::partition::Partition;

impl Partition {
    /// Freezes the stages before `n` and trains the others; `-1` leaves the last one trained.
    ///
    /// `0` freezes nothing. An index that no stage has is an error.
    ///
    /// # Errors
    /// [`Error::IndexOutOfRange`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{ByModule, Error, Splitter};
    ///
    /// let mut partition = ByModule::top_level().split(["a.w", "b.w", "c.w"])?;
    /// partition.freeze_to(-2)?;
    /// let frozen: Vec<bool> = partition.groups().iter().map(|group| group.is_frozen()).collect();
    /// assert_eq!(frozen, [true, false, false]);
    /// assert!(matches!(partition.freeze_to(3), Err(Error::IndexOutOfRange { .. })));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn freeze_to(&mut self, n: isize) -> Result<()> {
        let first = self.stage_index(n)?;
        for group in &mut self.groups {
            group.frozen = group.stage < first;
        }
        Ok(())
    }

    /// Freezes all stages but the last.
    ///
    /// # Errors
    /// [`Error::NothingToFreeze`] where there is one stage only.
    ///
    /// ```
    /// use paramgroups::{Error, Groups, Splitter};
    ///
    /// let mut collapsed = Groups::new().rest("all").split(["a.w", "b.w"])?;
    /// assert!(matches!(collapsed.freeze(), Err(Error::NothingToFreeze)));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn freeze(&mut self) -> Result<()> {
        if self.stages < 2 {
            return Err(Error::NothingToFreeze);
        }
        self.freeze_to(-1)
    }

    /// Trains every group.
    pub fn unfreeze(&mut self) {
        for group in &mut self.groups {
            group.frozen = false;
        }
    }

    /// Freezes every group.
    pub fn freeze_all(&mut self) {
        for group in &mut self.groups {
            group.frozen = true;
        }
    }

    /// Freezes all groups but those named.
    ///
    /// # Errors
    /// [`Error::UnknownGroup`], [`Error::NothingKept`]; nothing is changed then.
    ///
    /// ```
    /// use paramgroups::{ByModule, Splitter};
    ///
    /// let mut partition = ByModule::top_level().split(["a.w", "b.w", "c.w"])?;
    /// partition.freeze_except(["a"])?;
    /// assert!(partition.group("b")?.is_frozen());
    /// assert!(!partition.group("a")?.is_frozen());
    /// # Ok::<(), paramgroups::Error>(())
    /// ```
    pub fn freeze_except<N: AsRef<str>>(
        &mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<()> {
        let mut frozen = vec![true; self.groups.len()];
        for name in names {
            frozen[self.position(name.as_ref())?] = false;
        }
        if frozen.iter().all(|&is_frozen| is_frozen) {
            return Err(Error::NothingKept);
        }
        for (group, is_frozen) in self.groups.iter_mut().zip(frozen) {
            group.frozen = is_frozen;
        }
        Ok(())
    }

    /// Freezes or unfreezes one group.
    ///
    /// # Errors
    /// [`Error::UnknownGroup`].
    pub fn set_frozen(&mut self, name: &str, frozen: bool) -> Result<()> {
        let position = self.position(name)?;
        self.groups[position].frozen = frozen;
        Ok(())
    }

    fn position(&self, name: &str) -> Result<usize> {
        let group = self.group(name)?;
        Ok(self
            .groups
            .iter()
            .position(|other| other.name == group.name)
            .unwrap_or_default())
    }

    /// Reads an index as Python does: negative ones count from the end.
    fn stage_index(&self, n: isize) -> Result<usize> {
        let out_of_range = || Error::IndexOutOfRange {
            index: n,
            stages: self.stages,
        };
        let index = if n < 0 {
            self.stages.checked_sub(n.unsigned_abs())
        } else {
            usize::try_from(n).ok()
        };
        index
            .filter(|&index| index < self.stages)
            .ok_or_else(out_of_range)
    }
}
