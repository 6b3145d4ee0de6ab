import "server-only";
import { readRoadmap } from "./queries";
import { addMilestone, linkItems, moveMilestone, setMilestone } from "./work";

export const roadmapOperations = [readRoadmap, addMilestone, moveMilestone, setMilestone, linkItems] as const;
