import { z } from "zod";

export const scheduleReport = z.object({
  cron: z
    .array(
      z.object({
        file: z.string().describe("The crontab, or the script of /etc/cron.daily and its like."),
        schedule: z.string().describe("When: 17 * * * *, @reboot, @daily."),
        user: z.string().nullable().describe("Whom it runs as; null where that is not said."),
        command: z.string().describe("What is run, without the passwords and tokens that show in it."),
      }),
    )
    .describe("Jobs of cron."),
  timers: z
    .array(
      z.object({
        name: z.string().describe("The timer: apt-daily.timer."),
        unit: z.string().describe("What it starts."),
        triggers: z.array(z.string()).describe("When: OnCalendar=daily, OnBootSec=15min."),
        enabled: z.boolean().describe("It starts with the system."),
      }),
    )
    .describe("Timers of systemd."),
});
