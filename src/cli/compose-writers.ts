import type { ApplyPorts } from "../run/apply.js";
import { openWriters } from "../stores/writers.js";
import type { Workbench } from "./compose.js";
import { openLookPorts } from "./compose-look.js";

/** What apply and undo need beside an audit's objects. The only place that wires writers. */
export function openApplyPorts(bench: Workbench): ApplyPorts {
  const { cloudPhotoWriter, sharePointWriter } = openWriters(bench.tenant);
  const { records } = bench.state;
  return { ...openLookPorts(bench), records, cloudWriter: cloudPhotoWriter, sharePointWriter };
}
