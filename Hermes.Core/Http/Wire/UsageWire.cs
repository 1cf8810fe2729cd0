using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/api/analytics/usage</c>.</summary>
internal static class UsageWire
{
    /// <summary>What sessions used.</summary>
    /// <param name="Daily">The days on which sessions began, the earliest first.</param>
    /// <param name="ByModel">The models, the one with the most tokens first; sessions without a model are in none.</param>
    /// <param name="Totals">All of it.</param>
    /// <param name="PeriodDays">How many days were looked at, today included.</param>
    internal sealed record UsageAnswer(
        IReadOnlyList<UsageOfDay> Daily, IReadOnlyList<UsageOfModel> ByModel, UsageSums Totals, int PeriodDays)
    {
        public static UsageAnswer Of(UsageReport report, int days) => new(
            [.. report.Daily.Select(day => new UsageOfDay(day.Used, day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))],
            [.. report.ByModel.Select(model => new UsageOfModel(model.Used, model.Model))], new UsageSums(report.Totals), days);
    }

    /// <summary>What the sessions of a day used.</summary>
    /// <param name="Used">The sums.</param>
    /// <param name="Day">The day in UTC: <c>2026-01-31</c>.</param>
    internal sealed record UsageOfDay(UsageFigures Used, [property: JsonPropertyOrder(-1)] string Day) : UsageSums(Used);

    /// <summary>What the sessions of a model used.</summary>
    /// <param name="Used">The sums.</param>
    /// <param name="Model">The model, as the sessions name it.</param>
    internal sealed record UsageOfModel(UsageFigures Used, [property: JsonPropertyOrder(-1)] string Model) : UsageSums(Used);

    /// <summary>Sums over sessions; what the home's file does not keep is 0.</summary>
    internal record UsageSums([property: JsonIgnore] UsageFigures Used)
    {
        /// <summary>Tokens sent to models.</summary>
        public long InputTokens => Used.InputTokens;

        /// <summary>Tokens received from models.</summary>
        public long OutputTokens => Used.OutputTokens;

        /// <summary>Tokens that providers had in their caches.</summary>
        public long CacheReadTokens => Used.CacheReadTokens;

        /// <summary>Tokens of reasoning.</summary>
        public long ReasoningTokens => Used.ReasoningTokens;

        /// <summary>What the agent took it to cost, in US dollars.</summary>
        public double EstimatedCost => Used.EstimatedCost;

        /// <summary>What it cost as providers said, in US dollars.</summary>
        public double ActualCost => Used.ActualCost;

        /// <summary>How many sessions there were.</summary>
        public long Sessions => Used.Sessions;

        /// <summary>How often models were called.</summary>
        public long ApiCalls => Used.ApiCalls;
    }
}
