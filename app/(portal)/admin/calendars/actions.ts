"use server";
import { actionContext } from "@/lib/auth/context";
import { addHolidays, changeCalendar, chooseCalendar, createCalendar, removeHoliday } from "@/lib/calendars/keep";
import { type FormState, formAction } from "@/lib/http/form-action";

export async function makeCalendar(before: FormState, form: FormData): Promise<FormState> {
  return formAction(createCalendar, actionContext, {
    message: "The calendar is entered.",
    goTo: ({ slug }) => `/admin/calendars/${slug}`,
  })(before, form);
}

export async function editCalendar(before: FormState, form: FormData): Promise<FormState> {
  return formAction(changeCalendar, actionContext, {
    message: "The calendar is changed. Promises that were made stand.",
  })(before, form);
}

export async function putHolidays(before: FormState, form: FormData): Promise<FormState> {
  return formAction(addHolidays, actionContext, {
    message: ({ holidays }) => `The calendar has ${holidays.length} ${holidays.length === 1 ? "day" : "days"} off.`,
  })(before, form);
}

export async function dropHoliday(before: FormState, form: FormData): Promise<FormState> {
  return formAction(removeHoliday, actionContext, { message: "The day is a working day again." })(before, form);
}

export async function chooseForUnit(before: FormState, form: FormData): Promise<FormState> {
  return formAction(chooseCalendar, actionContext, {
    message: ({ unit, calendar }) =>
      calendar ? `${unit} works by ${calendar}.` : `${unit} works as the unit above does.`,
  })(before, form);
}
