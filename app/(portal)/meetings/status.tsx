import { Status } from "@/components/ui/status";
import { type MeetingStatus, meetingStatusName } from "@/lib/meetings/meeting";

const look = { planned: "open", open: "in_review", closed: "pass", cancelled: "withdrawn" } as const;

export function MeetingStatusMark({ status, tag = false }: { status: MeetingStatus; tag?: boolean }) {
  return <Status state={look[status]} word={meetingStatusName[status]} tag={tag} />;
}
