import "server-only";
import { completeCourse } from "./complete";
import { getCourse, listCompletions, listCourses } from "./queries";

export const courseOperations = [listCourses, getCourse, completeCourse, listCompletions] as const;
