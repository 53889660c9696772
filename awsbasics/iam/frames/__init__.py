"""Between a snapshot's frames and the engine's values; alone knows snapshots and pandas."""

from awsbasics.iam.frames.loader import Moment, estate_of
from awsbasics.iam.frames.output import frame_of, frame_of_columns
from awsbasics.iam.frames.resources import CARRIERS, PRESENT

__all__ = ["CARRIERS", "PRESENT", "Moment", "estate_of", "frame_of", "frame_of_columns"]
