using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Http.Endpoints;

internal static class UsageEndpoints
{
    private const int MaxDays = 3650;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/api/analytics/usage", GetUsage).Named("usage")
            .WithTags("Sessions").Produces<UsageAnswer>().ProducesErrors(400, 503);

    /// <summary>Adds up what sessions used: by the day in UTC on which they began, by their model, and all in all.</summary>
    /// <remarks>
    /// All sessions count, archived and hidden ones and the runs of subagents too, each with all that it used on the day on which it began. Costs are in US
    /// dollars, as the Python agent noted them. What the home's file does not keep is 0.
    /// </remarks>
    /// <param name="days">How many days, today included: 1 to 3650, 30 where it is missing.</param>
    /// <response code="200">The sums. Days and models of which there is nothing are left out, as are sessions without a model from those by model.</response>
    /// <response code="400">'days' is not a whole number.</response>
    internal static Task<IResult> GetUsage(HttpContext http, SessionAnswers sessions, TimeProvider time, [FromQuery] string? days)
    {
        var period = (int)QueryFields.Integer("days", days, missing: 30, min: 1, max: MaxDays);
        return sessions.UsageAsync(http, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - period), period);
    }
}
